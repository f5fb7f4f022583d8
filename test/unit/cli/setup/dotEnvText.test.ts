import fs from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { parse } from 'dotenv'
import fc from 'fast-check'
import { quoteForDotEnv, setVariable } from '../../../../cli/setup/dotEnvText'
import { UserError } from '../../../../shared/userError'

const example = fs.readFileSync(path.join(__dirname, '../../../../.env.example'), 'utf8')
const set = (text: string, name: string, value: string) => setVariable(text, name, value, example)

test.each<[value: string, line: string]>([
  ['', 'X='],
  ['vpc-bp1example', 'X=vpc-bp1example'],
  ['acs:ram::1:role/hr', 'X=acs:ram::1:role/hr'],
  ['a,b', 'X=a,b'],
  ['base64+/=', 'X=base64+/='],
  ['back\\slash\\', 'X=back\\slash\\'],
  ['two words', "X='two words'"],
  ['a#b', "X='a#b'"],
  ['#begin', "X='#begin'"],
  ['(a;b&c)|d', "X='(a;b&c)|d'"],
  ['\\n is no line break', "X='\\n is no line break'"],
  ['小明', "X='小明'"],
  ["it's", 'X="it\'s"'],
  ['say "hi"', `X='say "hi"'`],
  ['a`b', "X='a`b'"],
  [`it's "it"`, `X=\`it's "it"\``],
  ["it's a \\n", "X=`it's a \\n`"],
])('%j is written as %s, and read again', (value, line) => {
  const text = set('A=1\nX=\nB="2"\n', 'X', value)
  expect(text).toBe(`A=1\n${line}\nB="2"\n`)
  for (const read of [parseEnv, parse]) expect(read(text)).toEqual({ A: '1', X: value, B: '2' })
})

test.each([`'"\``, "a word'\\", 'two\nlines', 'two\rlines'])('%j cannot be written', (value) => {
  expect(quoteForDotEnv(value)).toBeUndefined()
  expect(() => set('X=1\n', 'X', value)).toThrow(UserError)
})

test('whatever can be written is read again, and changes nothing else', () => {
  const before = `# it's\nA='1'\nX=old # don't\nB="2"\n# "\nC=\`3\`\n`
  const anything = fc.string({ unit: fc.constantFrom(...'aZ9 #\'"`\\n=%+/:{}中\t.-!') })
  fc.assert(
    fc.property(anything, (text) => {
      const value = text.trim()
      if (quoteForDotEnv(value) === undefined) return
      const after = set(before, 'X', value)
      for (const read of [parseEnv, parse]) expect(read(after)).toEqual({ A: '1', X: value, B: '2', C: '3' })
    }),
  )
})

test.each<[what: string, before: string, after: string]>([
  ['its line', 'A=1\nX=old\nB=2\n', 'A=1\nX=new\nB=2\n'],
  ['its line, whatever quotes it had', `A=1\nX="o'ld"\nB='2'\n`, `A=1\nX=new\nB='2'\n`],
  ['its several lines', 'X="one\ntwo"\nB=2\n', 'X=new\nB=2\n'],
  ['its line, with its comment', "X='a b' # it's mine\n", "X=new # it's mine\n"],
  ['its line, after what was meant as a value', 'X=pa#word\n', 'X=new\n'],
  ['its line, with blanks and export', '  export X = old\n', '  export X=new\n'],
  ['the last of several, which counts', 'X=1\nX=2\nB=2\n', 'X=1\nX=new\nB=2\n'],
  ['its line before one that is commented out', '# X=\nX=old\n', '# X=\nX=new\n'],
  ['the line that is commented out', '# what X is\n# X=usual\nB=2\n', '# what X is\nX=new\nB=2\n'],
  ['no line of another name', 'MY_X=1\n# MY_X=\nX_Y=1\n', 'MY_X=1\n# MY_X=\nX_Y=1\nX=new\n'],
  ['no line within a value', 'A="\nX=1\n"\n', 'A="\nX=1\n"\nX=new\n'],
  ['the end', 'A=1\n', 'A=1\nX=new\n'],
  ['the end of a text without a line break', 'A=1', 'A=1\nX=new\n'],
  ['an empty text', '', 'X=new\n'],
  ['lines that end as on Windows', 'A=1\r\nX=old\r\nB=2\r\n', 'A=1\r\nX=new\r\nB=2\r\n'],
  ['the end, as on Windows', 'A=1\r\n', 'A=1\r\nX=new\r\n'],
  ['a text with a byte order mark', '\uFEFFX=old\n', 'X=new\n'],
])('a value goes into %s', (_, before, after) => {
  expect(set(before, 'X', 'new')).toBe(after)
})

test('where nothing has it, the comment of the example comes along', () => {
  expect(set('A=1\n', 'TRUSTED_PROXIES', '10.0.0.0/8')).toBe(
    'A=1\n# proxies of your own in front of the function: only they are believed in X-Forwarded-For\nTRUSTED_PROXIES=10.0.0.0/8\n',
  )
  // another one's is not its own
  expect(set('', 'AccessKeyID', 'x')).toBe('AccessKeyID=x\n')
  expect(set('', 'EVENT_BUS_NAME', 'x')).toBe('EVENT_BUS_NAME=x\n')
})

test('every variable of the example is filled in where it is', () => {
  const names = [...example.matchAll(/^(?:# )?(\w+)=/gm)].map(([, name = '']) => name)
  expect(names.length).toBeGreaterThan(30)
  for (const name of names) {
    const lines = example.split('\n')
    const changed = set(example, name, 'a-value').split('\n')
    expect(changed.filter((line, at) => line !== lines[at])).toEqual([`${name}=a-value`])
  }
})

test.each([['an unclosed quote that would close', `A='1\nX=\nB=2\n`, `a'b`]])(
  '%s: refused, and the text stays',
  (_, text, value) => {
    expect(() => set(text, 'X', value)).toThrow('X: cannot be written without changing other lines of .env')
  },
)
