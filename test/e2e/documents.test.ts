import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { PROJECT, readDocument, shellLines } from '../support/documents'
import { freePort } from '../support/freePort'
import { type StackProcess, startStackProcess, waitFor } from '../support/stackProcess'
import { temporaryFolder } from '../support/temporaryFolder'

/** What the documents have one type beside a running local stack, word for word. */
const LOCAL = /^(curl|npm run (send|explain|doctor|provision|replay|hash)\b)/
const beforeTheCloud = (name: string, heading: string) => {
  const document = readDocument(name)
  const [text = ''] = document.text.split(heading)
  const { blocks } = document
  return shellLines({ ...document, text, blocks: blocks.filter((block) => text.includes(block.text)) })
}
const lines = [
  ...beforeTheCloud('README.md', '## Test it'),
  ...beforeTheCloud('docs/walkthrough.md', '## In the cloud'),
  ...shellLines(readDocument('docs/embedded-eventbridge.md')),
].filter((line) => LOCAL.test(line))

const localDir = path.join(temporaryFolder(), 'local')
let stack: StackProcess
let origin: string

beforeAll(async () => {
  const port = await freePort()
  origin = `http://127.0.0.1:${port}`
  stack = startStackProcess({ PORT: String(port), LOCAL_DIR: localDir })
  await stack.ready()
}, 180_000)

afterAll(async () => {
  stack?.kill('SIGINT')
  await stack?.ended()
})

async function run(line: string): Promise<{ code: number; output: string }> {
  const child = spawn('bash', ['-c', line.replaceAll('http://127.0.0.1:8080', origin)], {
    cwd: PROJECT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOCAL_DIR: localDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [code] = await once(child, 'close')
  return { code: code as number, output }
}

test('there is something to type', () => {
  expect(lines.length).toBeGreaterThanOrEqual(7)
})

test('each line does what it says, one after the other', async () => {
  for (const line of lines) {
    let last = { code: 1, output: '' }
    // who types is slower than a delivery
    const succeeds = async () => {
      last = await run(line)
      return last.code === 0
    }
    if (line.startsWith('npm run explain')) await waitFor(succeeds, () => `${line}\n${last.output}`)
    else expect([line, (await succeeds()) || last.output]).toEqual([line, true])
    if (line.startsWith('curl')) expect(last.output).toMatch(/^HTTP\/1.1 200 /m)
  }
})

test('what the documents have one write against the SDK publishes', async () => {
  const [snippet = ''] = readDocument('docs/embedded-eventbridge.md')
    .blocks.filter(({ language }) => language === 'js')
    .map(({ text }) => text)
  const { output } = await run(`set -a; . "$LOCAL_DIR/env"; node -e '${snippet.replaceAll("'", "'\\''")}'`)
  expect(output).toBe('0 failed\n')
})

test('in the end the row says that the person of the walk-through left', async () => {
  await waitFor(async () => /^left: \d{4}-/m.test((await run('npm run explain -- 141146379001246379')).output))
})
