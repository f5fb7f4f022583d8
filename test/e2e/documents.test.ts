import path from 'node:path'
import { readDocument, shellLines } from '../support/documents'
import { type ReadyStack, startStack } from '../support/stackProcess'
import { endOf, startProcess } from '../support/startProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

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

const localDir = path.join(
  temporaryFolder(() => stack?.stop()),
  'local',
)
let stack: ReadyStack

beforeAll(async () => {
  stack = await startStack(localDir)
}, 180_000)

function run(line: string) {
  const command = line.replaceAll('http://127.0.0.1:8080', stack.origin)
  return endOf(startProcess(['bash', '-c', command], { HOME: process.env['HOME'], LOCAL_DIR: localDir }))
}

const step = story()

step('there is something to type', () => {
  expect(lines.length).toBeGreaterThanOrEqual(7)
})

step('each line does what it says, one after the other', async () => {
  for (const line of lines) {
    let last: Awaited<ReturnType<typeof run>> = { code: 1, output: '' }
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

step('what the documents have one write against the SDK publishes', async () => {
  const [snippet = ''] = readDocument('docs/embedded-eventbridge.md')
    .blocks.filter(({ language }) => language === 'js')
    .map(({ text }) => text)
  const { output } = await run(`set -a; . "$LOCAL_DIR/env"; node -e '${snippet.replaceAll("'", "'\\''")}'`)
  expect(output).toBe('0 failed\n')
})

step('in the end the row says that the person of the walk-through left', async () => {
  await waitFor(async () => /^left: \d{4}-/m.test((await run('npm run explain -- 141146379001246379')).output))
})
