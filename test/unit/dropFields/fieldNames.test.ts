import fc from 'fast-check'
import { compileFields, foldName, isWord } from '../../../shared/dropFields/fieldNames'
import { findCuts } from '../../../shared/dropFields/findCuts'

test.each([
  ['orgEmail', 'orgemail'],
  ['org_email', 'orgemail'],
  ['Org-Email ', 'orgemail'],
  ['手机_号', '手机号'],
  ['É.a', 'éa'],
  ['__', ''],
  ['', ''],
])('%j is the field %j', (name, folded) => {
  expect(foldName(name)).toBe(folded)
})

test('what is neither letter nor digit is no part of a name, in any script', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (name) => {
      const letters = [...name.toLowerCase()].filter((character) => /[\p{L}\p{N}]/u.test(character))
      expect(foldName(name)).toBe(letters.join(''))
    }),
    { numRuns: 1000 },
  )
})

test('nothing is found in a word, even in one that is a field', () => {
  const fields = compileFields(['mobile', 'tel'])
  const part = fc.constantFrom('mobile', 'tel', 'accessToken', '_', '-', 'a', '1', '=', ':', '"', '%3D', '小')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.nat({ max: 9 }), (parts, level) => {
      const text = parts.join('')
      if (isWord(text) && level > 0) expect(findCuts(text, fields, level)).toEqual([])
    }),
    { numRuns: 2000 },
  )
})
