import fs from 'node:fs'
import path from 'node:path'
import { findCodeProblem } from '../../../local/functionHost/checkCode'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()

test.each<[string, Record<string, string>, string, RegExp | undefined]>([
  ['a function', { 'index.js': 'exports.handler = () => {}' }, 'index.handler', undefined],
  ['an ES module', { 'index.mjs': 'export const handler = await 0' }, 'index.handler', undefined],
  [
    'an ES module by package.json',
    { 'index.js': 'export const handler = await 0', 'package.json': '{"type":"module"}' },
    'index.handler',
    undefined,
  ],
  ['another file', { 'main.js': '' }, 'main.run', undefined],
  [
    'an empty folder',
    {},
    'index.handler',
    /has no index\.js or index\.mjs, .* index\.handler should be\. It is empty\.$/,
  ],
  [
    'Python',
    { 'index.py': 'def handler(event, context): pass' },
    'index.handler',
    /It holds Python; here functions of Node\.js run\.$/,
  ],
  ['TypeScript', { 'index.ts': '' }, 'index.handler', /must be built into JavaScript first\.$/],
  ['other files', { 'app.js': '', 'README.md': '' }, 'index.handler', /It holds README\.md, app\.js$/],
  [
    'many files',
    Object.fromEntries('abcdefg'.split('').map((name) => [name, ''])),
    'index.handler',
    /It holds a, b, c, d, e, …$/,
  ],
  [
    'a syntax error',
    { 'index.js': 'let a\nexports.handler = () => {' },
    'index.handler',
    /^\/.*\/index\.js:2: SyntaxError: Unexpected end of input$/,
  ],
  [
    'a syntax error of a module',
    { 'index.mjs': 'export const' },
    'index.handler',
    /^\/.*\/index\.mjs:1: SyntaxError: /,
  ],
  [
    'a handler without a method',
    { 'index.js': '' },
    'handler',
    /^The handler handler must be a file and what it exports/,
  ],
  ['a handler without a file', { 'index.js': '' }, '.handler', /^The handler \.handler must be/],
])('%s', (title, files, handler, problem) => {
  const code = path.join(folder, title)
  fs.mkdirSync(code)
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(code, name), text)
  const found = findCodeProblem(code, [handler])
  if (problem === undefined) expect(found).toBeUndefined()
  else expect(found).toMatch(problem)
})

test('a file is no folder, and an initializer must be there, too', () => {
  const file = path.join(folder, 'index.js')
  fs.writeFileSync(file, '')
  expect(findCodeProblem(file, ['index.handler'])).toBe(`${file} is no folder.`)
  expect(findCodeProblem(folder, ['index.handler', 'start.initialize'])).toMatch(/has no start\.js or start\.mjs/)
})
