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

test.each([[['mobile', 'tel']], [['mobile', '手机']]])(
  'whether %j may be in a text is never denied of one that has them',
  (names) => {
    const fields = compileFields(names)
    const part = fc.oneof(
      fc.constantFrom(...names, 'MOB', 'ile', 'te', 'l', '手', '_', '：', '\u00a0', 'K', '\u212a'),
      fc.string({ unit: 'binary' }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const text = parts.join('')
        if (names.some((name) => foldName(text).includes(foldName(name)))) expect(fields.mayBeIn(text)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  },
)
