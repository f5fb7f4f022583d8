import { firstSignal, oneArgument, runCommand, stopAndExit } from '../../../shared/runCommand'
import { UserError } from '../../../shared/userError'

const options = { file: { type: 'string' } } as const
const said: unknown[] = []
const exit = jest.spyOn(process, 'exit')
const listeners = () =>
  [process, process.stdout, process.stderr].flatMap((emitter: NodeJS.EventEmitter) =>
    emitter.eventNames().map((name) => ({ emitter, name, listeners: emitter.listeners(name) })),
  )
const before = listeners()

beforeEach(() => {
  said.length = 0
  const keep = (line: unknown) => void said.push(line)
  jest.spyOn(console, 'log').mockImplementation(keep)
  jest.spyOn(console, 'error').mockImplementation(keep)
  exit.mockClear().mockImplementation((code) => {
    throw new Error(`exit ${code}`)
  })
})
afterEach(() => {
  process.exitCode = undefined
  for (const { emitter, name, listeners: now } of listeners()) {
    const kept = before.find((one) => one.emitter === emitter && one.name === name)?.listeners ?? []
    for (const added of now.filter((one) => !kept.includes(one))) emitter.off(name, added as () => void)
  }
})
afterAll(() => jest.restoreAllMocks())

/** Whether main was called, with what, and what was said. */
async function run(args: string[], main = async (): Promise<void> => {}, help = 'npm run x -- …') {
  const given: unknown[] = []
  await runCommand(help, { args, options, allowPositionals: true }, async ({ values, positionals }) => {
    given.push({ ...values }, ...positionals)
    await main()
  })
  return { given, said, exitCode: process.exitCode }
}

test('a command gets what its line says', async () => {
  expect(await run(['--file', 'a', 'b'])).toEqual({ given: [{ file: 'a' }, 'b'], said: [], exitCode: undefined })
})

test.each([[['--help']], [['-h']], [['--file', 'a', '--help', 'b']]])('%j prints the help alone', async (args) => {
  expect(await run(args)).toEqual({ given: [], said: ['npm run x -- …'], exitCode: undefined })
})

test.each([
  [['--fil', 'a'], "Unknown option '--fil' (--help shows the options)"],
  [['--file'], "Option '--file <value>' argument missing (--help shows the options)"],
  [['-x'], "Unknown option '-x' (--help shows the options)"],
])('%j is told in a line', async (args, line) => {
  expect(await run(args)).toEqual({ given: [], said: [expect.stringContaining(line)], exitCode: 1 })
})

test.each([
  ['npm run x', ' (--help shows the options; npm hands on those after -- alone)'],
  ['npx x', ' (--help shows the options)'],
])('a word that %s does not take', async (help, hint) => {
  await runCommand(help, { args: ['a'], options }, () => Promise.reject(new Error('it ran')))
  expect(said).toEqual([`Unexpected argument 'a'${hint}`])
  expect(process.exitCode).toBe(1)
})

test('what the user can mend is one line, and a fault of ours keeps its stack', async () => {
  const [theirs, ours] = [new UserError('mapping.yaml:1:1 is empty'), new TypeError('x')]
  const monitored: unknown[] = []
  process.on('uncaughtExceptionMonitor', (error) => monitored.push(error))
  expect(await run([], () => Promise.reject(theirs))).toMatchObject({ said: [theirs.message], exitCode: 1 })
  expect(monitored).toEqual([])
  expect(await run([], () => Promise.reject(ours))).toMatchObject({ said: [theirs.message, ours], exitCode: 1 })
  expect(monitored).toEqual([ours])
})

test.each([
  ['a pipe that is closed', 'EPIPE', 0],
  ['a terminal that is gone', 'EIO', 1],
])('nobody reads any more, %s: %s ends it with %i', async (_, code, exitCode) => {
  await run([])
  expect(() => process.stdout.emit('error', Object.assign(new Error('x'), { code }))).toThrow(`exit ${exitCode}`)
  expect(() => process.stderr.emit('error', new Error('x'))).not.toThrow()
})

test.each<[string, () => unknown]>([
  ['Ctrl-C', () => process.emit('SIGINT')],
  ['that it is ended', () => process.emit('SIGTERM')],
  ['that its terminal is gone', () => process.emit('SIGHUP')],
  ['that nobody reads', () => process.stdout.emit('error', Object.assign(new Error('x'), { code: 'EPIPE' }))],
])('the first signal stops what runs, once: %s', async (_, signal) => {
  await run([])
  const { stopping, coming } = firstSignal()
  expect(stopping.aborted).toBe(false)
  signal()
  process.emit('SIGTERM')
  await coming
  expect(stopping.aborted).toBe(true)
  expect(said).toEqual(['stopping …'])
  expect(exit).not.toHaveBeenCalled()
})

test.each<[string, string | undefined, () => Promise<void>, string, string[]]>([
  ['as it was asked to', undefined, async () => {}, 'exit 0', []],
  ['for a fault', 'the port is taken', async () => {}, 'exit 1', ['the port is taken']],
  [
    'and something cannot be stopped',
    undefined,
    () => Promise.reject(new Error('m')),
    'exit 1',
    ['Not everything could be stopped in order: m'],
  ],
])('it stops %s', async (_, fault, stop, ended, lines) => {
  await expect(stopAndExit({ stop }, fault)).rejects.toThrow(ended)
  expect(said).toEqual(lines)
})

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
