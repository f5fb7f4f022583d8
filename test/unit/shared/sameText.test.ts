import { sameDigest, sameText } from '../../../shared/sameText'

test.each([
  ['secret', 'secret', true],
  ['姓名', '姓名', true],
  ['', '', true],
  ['secret', 'secreT', false],
  ['secret', 'secret ', false],
  ['secret', '', false],
  ['', 'secret', false],
])('%j and %j are the same: %s', (given, expected, same) => {
  expect([sameText(given, expected), sameDigest(given, expected)]).toEqual([same, same])
})
