import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import EventBridgeClient, { CloudEvent, Config } from '@alicloud/eventbridge'
import { readEnvFile } from '../../shared/envFile'
import { freePort } from '../../shared/freePort'
import { describeInBrowser } from '../support/browser'
import { PROJECT } from '../support/documents'
import { startServer } from '../support/rawHttp'
import { type StartedProcess, startProcess } from '../support/startProcess'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

/*
 * The package as somebody has it who has no repository: packed, installed into an empty folder, used from there.
 */

const run = promisify(execFile)
const folder = temporaryFolder()
const home = path.join(folder, 'home')
const started: StartedProcess[] = []

beforeAll(async () => {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: path.join(PROJECT, 'emulator') })
  fs.mkdirSync(home)
  const { version } = JSON.parse(fs.readFileSync(path.join(PROJECT, 'emulator/package.json'), 'utf8'))
  const tarball = path.join(folder, `eventbridge-local-${version}.tgz`)
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: home })
})
afterAll(() => {
  for (const one of started) one.kill('SIGKILL')
})

/** `npx eventbridge-local` in the folder, from its first line on. */
async function npx(args: readonly string[] = [], variables: NodeJS.Dict<string> = {}) {
  const port = await freePort()
  const line = ['cd "$0" && exec npx eventbridge-local "$@"', home, '--port', String(port), ...args]
  const one = startProcess(['/bin/sh', '-c', ...line], { HOME: process.env['HOME'], ...variables })
  started.push(one)
  await waitFor(
    () => one.isOver() || /^Ready in /m.test(one.output()),
    () => one.output(),
  )
  return { ...one, port, url: `http://127.0.0.1:${port}` }
}

/** Ctrl-C at its terminal. npx passes a signal on only where there is one. */
async function stop(dir: string, { ended }: StartedProcess) {
  process.kill(Number(fs.readFileSync(path.join(home, dir, 'pid'), 'utf8')), 'SIGINT')
  return ended()
}

function sdk(url: string): EventBridgeClient {
  const { host } = new URL(url)
  return new EventBridgeClient(
    new Config({ protocol: 'http', endpoint: host, accessKeyId: 'local', accessKeySecret: 'local-is-not-a-secret' }),
  )
}

const event = (id: string, aliyuneventbusname = 'default') =>
  new CloudEvent({
    ...{ id, source: 'my.source', type: 'my.type', datacontenttype: 'application/json' },
    ...{ data: Buffer.from('{"a":1}'), extensions: { aliyuneventbusname } },
  })

test('npx eventbridge-local: one line that says where, a folder that others find it by, an end by Ctrl-C', async () => {
  const one = await npx()
  expect(one.output()).toMatch(
    new RegExp(
      `^Ready in [\\d.]+ s\\. EventBridge and event trace: ${one.url} {2}\\(kept in \\.eventbridge-local, Ctrl-C`,
    ),
  )
  expect(readEnvFile(path.join(home, '.eventbridge-local/env'))).toMatchObject({
    EVENTBRIDGE_ENDPOINT: one.url,
    EVENT_BUS_NAME: 'default',
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'local',
  })
  expect((await sdk(one.url).putEvents([event('1')])).failedEntryCount).toBe(0)
  const pop = await fetch(`${one.url}/?Action=NoSuchAction`)
  expect(pop.headers.get('content-type')).toContain('json')
  expect((await fetch(`${one.url}/queues/q/messages`)).status).toBeGreaterThanOrEqual(400)
  expect(await stop('.eventbridge-local', one)).toBe(0)
  expect(one.output()).toMatch(/stopping …\n$/)
  expect(fs.existsSync(path.join(home, '.eventbridge-local/env'))).toBe(false)
  // what it had it has again
  const again = await npx()
  const { events } = (await (await fetch(`${again.url}/trace/events`)).json()) as { events: { id: string }[] }
  expect(events.map(({ id }) => id)).toEqual(['1'])
  expect(await stop('.eventbridge-local', again)).toBe(0)
})

test('--config: its rules, with the variables of the shell; a target that fails is a line, and no more', async () => {
  fs.writeFileSync(
    path.join(home, 'rules.yaml'),
    `EventBusName: orders
Rules:
  - RuleName: all
    FilterPattern: {}
    Targets:
      - Id: function
        Type: acs.fc.function
        Endpoint: acs:fc:\${region}:\${account}:functions/store
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
      - Id: nobody
        Type: http
        Endpoint: \${NOBODY}
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
`,
  )
  const received: string[] = []
  const store = await startServer((req, res) => {
    received.push(String(req.headers['x-fc-invocation-type']))
    res.end()
  })
  const args = ['--config', 'rules.yaml', '--dir', 'file', '--function', `store=http://127.0.0.1:${store.port}`]
  const one = await npx(args, { NOBODY: `http://127.0.0.1:${await freePort()}/x` })
  const events = ['1', '2', '3'].map((id) => event(id, 'orders'))
  expect((await sdk(one.url).putEvents(events)).failedEntryCount).toBe(0)
  await waitFor(() => received.length === 3 && one.output().includes('fail:'))
  expect(received).toEqual(['Sync', 'Sync', 'Sync'])
  expect(await stop('file', one)).toBe(0)
  expect(one.output().match(/^Deliveries .+/gm)).toEqual([
    'Deliveries to target nobody of rule all (bus orders) fail: no answer: ECONNREFUSED',
  ])
  await store.close()
})

test('--seed once, an edit while it runs, and all of it in one file for another folder', async () => {
  const config = path.join(home, 'edited.yaml')
  fs.writeFileSync(config, 'EventBusName: default\nRules: []\n')
  fs.writeFileSync(path.join(home, 'seed.jsonl'), '{"id":"s1","source":"s"}\n{"id":"s2","source":"s"}\n')
  const args = ['--config', 'edited.yaml', '--seed', 'seed.jsonl']
  const idsAt = async (url: string) => {
    const { events } = (await (await fetch(`${url}/trace/events`)).json()) as { events: { id: string }[] }
    return events.map(({ id }) => id)
  }
  const first = await npx([...args, '--dir', 'seeded'])
  expect(await idsAt(first.url)).toEqual(['s2', 's1'])
  fs.writeFileSync(config, 'EventBusName: default\nRules: [{ RuleName: new, FilterPattern: {}, Targets: [] }]\n')
  await waitFor(() => /added: rule new/.test(first.output()))
  fs.writeFileSync(config, 'EventBusName: default\nRulez: []\n')
  await waitFor(() => /is not taken over/.test(first.output()))
  fs.writeFileSync(config, 'EventBusName: default\nRules: []\n')
  const bin = 'node_modules/eventbridge-local/dist/bin.js'
  await run('node', [bin, '--dir', 'seeded', '--export', 'state.json'], { cwd: home })
  for (const place of ['nowhere/state.json', '.']) {
    await expect(run('node', [bin, '--dir', 'seeded', '--export', place], { cwd: home })).rejects.toMatchObject({
      stderr: expect.stringMatching(/^\S+ cannot be written \(E[A-Z]+\)\. See --export\.\n$/),
    })
  }
  expect(fs.readdirSync(home).filter((name) => name.endsWith('.new'))).toEqual([])
  expect(await stop('seeded', first)).toBe(0)
  const again = await npx([...args, '--dir', 'seeded'])
  expect(await idsAt(again.url)).toEqual(['s2', 's1'])
  expect(await stop('seeded', again)).toBe(0)
  const other = await npx(['--dir', 'imported', '--import', 'state.json'])
  expect(await idsAt(other.url)).toEqual(['s2', 's1'])
  expect(await stop('imported', other)).toBe(0)
})

describeInBrowser('its page', (open) => {
  test('shows what was published, and says where to publish', async () => {
    const one = await npx(['--dir', 'page'])
    const page = await open(one.url)
    await page.getByText(`${one.url}/openapi/putEvents`).waitFor()
    await sdk(one.url).putEvents([event('seen')])
    await page.locator('.events tbody tr', { hasText: 'seen' }).waitFor()
    expect(page.faults).toEqual([])
    await page.close()
    expect(await stop('page', one)).toBe(0)
  })
})

test.each<[string, string[], RegExp]>([
  ['a file that is not there', ['--config', 'none.yaml'], /^none\.yaml cannot be read \(ENOENT\)\. See --config\.\n$/],
  ['a file that is wrong', ['--config', 'wrong.yaml'], /^wrong\.yaml:2:1 Rulez: is not known here\n$/],
  ['a port that is none', ['--port', 'x'], /^--port takes a number from 0 to 65535: --port 8081\n$/],
  [
    'a folder that takes none',
    ['--dir', '/proc/x'],
    /^\/proc\/x cannot be used \(.+\)\. Choose another folder: npx .+\n$/,
  ],
  ['a folder without a name', ['--dir', ''], /^--dir takes a folder: --dir \.eventbridge-local\n$/],
  ['a function without an address', ['--function', 'f'], /^--function takes a name and an address, not "f": .+\n$/],
  ['an option that is none', ['--prot', '1'], /^Unknown option '--prot' \(--help shows the options\)\n$/],
  ['a word', ['start'], /^Unexpected argument 'start' \(--help shows the options\)\n$/],
])('%s: one line that says what to do', async (_, args, line) => {
  fs.writeFileSync(path.join(home, 'wrong.yaml'), 'EventBusName: default\nRulez: []\nRules: []\n')
  const failure = await run('node', ['node_modules/eventbridge-local/dist/bin.js', ...args], { cwd: home }).catch(
    (error: unknown) => error,
  )
  expect(failure).toMatchObject({ code: 1, stderr: expect.stringMatching(line) })
})

test('a port that is taken, and a folder that is', async () => {
  const one = await npx(['--dir', 'taken'])
  const start = async (...args: string[]) =>
    run('node', ['node_modules/eventbridge-local/dist/bin.js', '--port', String(one.port), ...args], { cwd: home })
  await expect(start('--dir', 'free')).rejects.toMatchObject({
    stderr: `Port ${one.port} is in use. Stop what uses it, or choose another: npx eventbridge-local --port ${one.port + 1}\n`,
  })
  await expect(start('--dir', 'taken')).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /^Another EventBridge \(process \d+\) runs in .+taken\. Stop it, or use another folder and port: npx eventbridge-local --dir taken-2 --port 8081\n$/,
    ),
  })
  expect(await stop('taken', one)).toBe(0)
})

test('--version and --help', async () => {
  const say = async (option: string) =>
    (await run('node', ['node_modules/eventbridge-local/dist/bin.js', option], { cwd: home })).stdout
  expect(await say('--version')).toMatch(/^\d+\.\d+\.\d+\n$/)
  expect(await say('--help')).toMatch(/^npx eventbridge-local \[--config FILE\]/)
})

test('it needs one package beside it, and says whose code it contains', () => {
  const place = path.join(home, 'node_modules/eventbridge-local')
  const file = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'))
  expect(Object.keys(file.dependencies)).toEqual(['libsql'])
  expect(fs.readFileSync(path.join(place, 'dist/LICENSES.txt'), 'utf8')).toMatch(/^zod \d[\s\S]+MIT License/m)
  for (const name of ['README.md', 'README.zh-CN.md', 'LICENSE'])
    expect(fs.existsSync(path.join(place, name))).toBe(true)
})

describe('in the process of a test', () => {
  beforeAll(() => {
    fs.cpSync(path.join(home, 'node_modules/eventbridge-local/examples'), path.join(home, 'examples'), {
      recursive: true,
    })
    for (const name of ['vitest', '@types/jest']) link(name)
  })

  test('the example for jest', async () => {
    const jest = path.join(PROJECT, 'node_modules/jest/bin/jest.js')
    const { stderr } = await run('node', [jest, '--rootDir', path.join(home, 'examples/jest')], { cwd: home })
    expect(stderr).toMatch(/^Tests: +2 passed, 2 total$/m)
  })

  test('the example for vitest', async () => {
    const vitest = path.join(PROJECT, 'node_modules/vitest/vitest.mjs')
    const { stdout } = await run('node', [vitest, 'run', '--root', path.join(home, 'examples/vitest')], {
      cwd: home,
      env: { ...process.env, NO_COLOR: '1' },
    })
    expect(stdout).toMatch(/Tests +2 passed \(2\)/)
  })

  // node10 is what TypeScript 5 takes where a project compiles to CommonJS: it knows no "exports"
  test.each(['node10', 'node16', 'bundler'])('the types, with moduleResolution %s', async (moduleResolution) => {
    const tsc = path.join(PROJECT, 'node_modules/typescript/bin/tsc')
    const module = { node10: 'commonjs', node16: 'node16' }[moduleResolution] ?? 'preserve'
    fs.writeFileSync(
      path.join(home, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          ...{ target: 'es2022', strict: true, noEmit: true, types: [], module, moduleResolution },
          ...(moduleResolution === 'node10' && { ignoreDeprecations: '6.0' }),
          // so that ours are checked as a user's compiler does
          skipLibCheck: false,
        },
        files: ['use.mts', 'use.cts'],
      }),
    )
    const use = `import { manualClock, startEventBridge, type CloudEvent, type LocalEventBridge } from 'eventbridge-local'
      export async function use(): Promise<string[]> {
        const seen: CloudEvent[] = []
        const bus: LocalEventBridge = await startEventBridge({
          rules: [{ pattern: { source: ['a'] }, targets: 'see' }],
          targets: { see: (event) => void seen.push(event) },
          clock: manualClock(),
        })
        const [published] = await bus.publish({ source: 'a' })
        const id: string | undefined = published?.eventId
        // @ts-expect-error there is no such option
        await startEventBridge({ rulez: [] })
        return [String(id), ...bus.deliveries().map(({ state }) => state)]
      }
      `
    for (const name of ['use.mts', 'use.cts']) fs.writeFileSync(path.join(home, name), use)
    const { stdout } = await run('node', [tsc, '-p', home]).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })

  test.each([
    ['require', 'cjs', "const { startEventBridge } = require('eventbridge-local')"],
    ['import', 'mjs', "import { startEventBridge } from 'eventbridge-local'"],
  ])('%s', async (_, extension, line) => {
    const file = path.join(home, `use.${extension}`)
    fs.writeFileSync(
      file,
      `${line}\nstartEventBridge({}).then(async (bus) => { await bus.publish({}); console.log(bus.events().length); await bus.stop() })\n`,
    )
    expect((await run('node', [file])).stdout).toBe('1\n')
  })
})

/** As if it were installed there, too. */
function link(name: string): void {
  const place = path.join(home, 'node_modules', name)
  fs.mkdirSync(path.dirname(place), { recursive: true })
  fs.symlinkSync(path.join(PROJECT, 'node_modules', name), place)
}
