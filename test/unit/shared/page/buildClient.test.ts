import fs from 'node:fs'
import path from 'node:path'
import vm from 'node:vm'
import { buildClient, builtClient } from '../../../../shared/page/buildClient'
import { temporaryFolder } from '../../../support/temporaryFolder'

const SCRIPT = `/*! a notice of somebody's licence */
import { words } from './words'
const page = <p title={words}>{words}</p>
let ended = false
{
  using block = { [Symbol.dispose ?? Symbol.for('Symbol.dispose')]() { ended = true } }
}
Object.assign(globalThis, { made: { type: page.type, title: page.props.title, ended } })
`

/** The source of a client, which takes preact from where ours does. */
function client(files: Record<string, string>): string {
  const folder = temporaryFolder()
  fs.symlinkSync(path.resolve(__dirname, '../../../../node_modules'), path.join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text)
  return folder
}

describe('a client is made of a script and a style', () => {
  const folder = client({
    'main.tsx': SCRIPT,
    'words.ts': `export const words: string = 'hello'`,
    'page.css': `@import './theme.css';\n/*! a notice */\np { color: red }\n`,
    'theme.css': 'body {\n  margin: 0;\n}\n',
  })

  test('the script runs as it is, leaves nothing behind it, and has its JSX by preact', async () => {
    const { script } = await buildClient(folder)
    const globals: Record<string, unknown> = {}
    vm.runInNewContext(script, globals)
    expect(Object.keys(globals)).toEqual(['made'])
    expect(globals['made']).toEqual({ type: 'p', title: 'hello', ended: true })
  })

  test('the script is one that a browser of 2022 reads, small, and without notices', async () => {
    const { script } = await buildClient(folder)
    expect(script).not.toMatch(/\busing block|notice|\n {2}/)
    expect(script).toBe(script.trim())
  })

  test('the style has what it imports, and is small', async () => {
    expect((await buildClient(folder)).style).toBe('body{margin:0}p{color:red}')
  })
})

describe('a client is built once a process', () => {
  const whole = client({ 'main.tsx': '', 'page.css': 'p { margin: 0 }' })
  const half = client({ 'main.tsx': 'console.log(1)' })

  test('and stays as it was, whatever becomes of its source', async () => {
    const [built, other] = await Promise.all([builtClient(whole), builtClient(whole)])
    expect(other).toBe(built)
    fs.writeFileSync(path.join(whole, 'page.css'), 'p { margin: 1px }')
    expect(await builtClient(whole)).toBe(built)
    expect(built.style).toBe('p{margin:0}')
    expect((await buildClient(whole)).style).toBe('p{margin:1px}')
  })

  test('but one that failed is tried again', async () => {
    const failed = await Promise.allSettled([builtClient(half), builtClient(half)])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    fs.writeFileSync(path.join(half, 'page.css'), '')
    expect(await builtClient(half)).toEqual({ script: expect.stringContaining('console.log(1)'), style: '' })
  })
})
