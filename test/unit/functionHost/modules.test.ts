import fs from 'node:fs'
import path from 'node:path'
import { startHost, stopHosts } from './hosts'

afterEach(stopHosts)

const COMMONJS = 'let calls = 0; exports.handler = () => `${__filename.slice(-8)} ${++calls}`'
const MODULE = 'let calls = await 0; export const handler = async () => `${import.meta.url.slice(-9)} ${++calls}`'

test.each<[string, Record<string, string>, string, string]>([
  ['index.js is CommonJS', { 'index.js': COMMONJS }, 'index.handler', 'index.js 2'],
  ['index.mjs is an ES module', { 'index.mjs': MODULE }, 'index.handler', 'index.mjs 2'],
  ['it goes before index.js', { 'index.mjs': MODULE, 'index.js': COMMONJS }, 'index.handler', 'index.mjs 2'],
  [
    'index.js is an ES module where package.json says so',
    { 'index.js': MODULE, 'package.json': '{"type":"module"}' },
    'index.handler',
    '/index.js 2',
  ],
  ['another file', { 'main.js': 'exports.run = () => "main"' }, 'main.run', 'main'],
  ['a file in a folder', { 'src/main.js': 'exports.run = () => "src/main"' }, 'src/main.run', 'src/main'],
])('%s', async (_name, files, handler, expected) => {
  const host = startHost('', { handler })
  fs.rmSync(path.join(host.folder, 'index.js'))
  for (const [name, source] of Object.entries(files)) {
    const file = path.join(host.folder, name)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, source)
  }
  await host.invoke(Buffer.from('{}'), 'first')
  const { body } = await host.invoke(Buffer.from('{}'), 'second')
  expect(body.toString()).toBe(expected)
})
