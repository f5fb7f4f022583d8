import { oneArgument } from '../../../shared/runCommand'
import { UserError } from '../../../shared/userError'

const read = (words: string[]) => oneArgument(words, 'employee', 'npm run explain -- <userId>')

test('one word is taken', () => {
  expect(read(['0042'])).toBe('0042')
})

test.each<[string, string[], RegExp]>([
  ['none', [], /^Name one employee: npm run explain -- <userId>$/],
  ['two', ['0042', '0043'], /^Name one employee, not 2 words \(npm .* after -- alone\): npm run explain -- <userId>$/],
])('%s: how the command is called', (_, words, message) => {
  expect(() => read(words)).toThrow(UserError)
  expect(() => read(words)).toThrow(message)
})
