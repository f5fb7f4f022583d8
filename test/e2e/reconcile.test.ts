import path from 'node:path'
import type { Connection } from 'mysql2/promise'
import type { Leaver, Person } from '../../local/dingtalk/organisation'
import { dingtalkServer, ok } from '../support/dingtalkServer'
import { answerFor, testOrganisation } from '../support/organisation'
import { connectByEnv, type ReadyStack, runCli, startStack } from '../support/stackProcess'
import { QUICK_TIMERS, startCli } from '../support/startProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'
import { type Rows, readRows, UNTOLD, rowsOf as walkedRows } from '../support/walkedRows'

const folder = temporaryFolder(async () => {
  await database?.end()
  await stack?.stop()
})
const localDir = path.join(folder, 'local')
const PEOPLE = 100
// as often as DingTalk lets call
const CALLS_PER_S = 20
const LEAVE_RECORDS = 'Contact.Common.Read'
const DAY_MS = 86_400_000
let stack: ReadyStack
let database: Connection

beforeAll(async () => {
  stack = await startStack(localDir, {}, ['--dingtalk', String(PEOPLE)])
  const { env } = stack
  database = await connectByEnv(env, { charset: 'utf8mb4', timezone: 'Z', dateStrings: true })
}, 180_000)

const step = story()

interface Organisation {
  people: Person[]
  departments: { id: string }[]
  leavers: Leaver[]
}

async function control<T>(name: string, body?: object): Promise<T> {
  const init = body && { method: 'POST', body: JSON.stringify(body) }
  const answer = await fetch(`${stack.origin}/dingtalk/control/${name}`, init)
  expect(answer.status).toBe(200)
  return (await answer.json()) as T
}

const organisation = () => control<Organisation>('organisation')

function runReconcile(args: string[] = [], variables: Record<string, string> = {}) {
  return runCli('reconcile', args, { LOCAL_DIR: localDir, DINGTALK_CALLS_PER_S: String(CALLS_PER_S), ...variables })
}

/** Runs the command, and waits until the employees function has had everything that it published. @returns its table */
async function reconcile(args: string[] = []): Promise<Record<string, number>> {
  const run = await runReconcile(args)
  if (run.code !== 0) throw new Error(`it ended with ${run.code}:\n${run.output}`)
  await untilIdle()
  return countsIn(run.output)
}

function countsIn(output: string): Record<string, number> {
  const cells = [...output.matchAll(/^ {2}(\S.*\S) {2,}([\d.]+)$/gm)]
  return Object.fromEntries(cells.map(([, what, count]) => [what, Number(count)]))
}

function idsAfter(what: string, output: string): string[] {
  const [, ids = ''] =
    new RegExp(`^${what.replace(/[()]/g, '\\$&')}(?:, the first .+)?:\\n((?: {2}\\S.*\\n)+)`, 'm').exec(output) ?? []
  // of nobody there is no list: the drawn organisation may have no recent leaver
  return (ids.match(/\S+/g) ?? []).sort()
}

async function untilIdle(): Promise<void> {
  let counts: Record<string, number> = {}
  const isIdle = async () => {
    const answer = await fetch(`${stack.origin}/trace/events?limit=1`)
    ;({ counts } = (await answer.json()) as { counts: Record<string, number> })
    return ['pending', 'retrying', 'blocked'].every((state) => (counts[state] ?? 0) === 0)
  }
  await waitFor(isIdle, () => `not everything is delivered: ${JSON.stringify(counts)}`)
}

const table = (where = 'TRUE') => readRows(database, where, UNTOLD)

const leftIds = async () => Object.keys(await table('leftAt IS NOT NULL')).sort()

/** What the table has to say of these people after a walk. */
function rowsOf(people: readonly Person[]): Rows {
  const untold = Object.fromEntries(UNTOLD.map((column) => [column, null]))
  return Object.fromEntries(
    Object.entries(walkedRows(people, 'dingcorp')).map(([id, row]) => [id, { ...row, ...untold }]),
  )
}

/** Who left lately, and is not back. */
function goneOf({ leavers, people }: Organisation): string[] {
  const here = new Set(people.map(({ userid }) => userid))
  const recent = leavers.filter(({ at, userid }) => at > Date.now() - 35 * DAY_MS && !here.has(userid))
  return [...new Set(recent.map(({ userid }) => userid))].sort()
}

step('--dry-run says who would be added, and publishes nothing', async () => {
  const told = await organisation()
  const { code, output } = await runReconcile(['--dry-run'])
  expect([code, output]).toEqual([0, expect.stringMatching(/^from \S+ to nowhere$/m)])
  expect(countsIn(output)).toMatchObject({
    people: PEOPLE,
    published: 0,
    'would be added (user_info)': PEOPLE,
    'would be added as left (user_info)': goneOf(told).length,
    'would be changed (user_info)': 0,
    'would leave (user_info)': 0,
  })
  expect(output).toMatch(/^would be added \(user_info\), the first 20 of 100:$/m)
  const added = idsAfter('would be added (user_info)', output)
  expect([added.length, told.people.map(({ userid }) => userid)]).toEqual([20, expect.arrayContaining(added)])
  expect(idsAfter('would be added as left (user_info)', output)).toEqual(goneOf(told))
  await untilIdle()
  expect(await table()).toEqual({})
})

step('the first walk: the table equals the organisation, row by row, and no path is called too often', async () => {
  const told = await organisation()
  await control('reset-counts', {})
  const run = await runReconcile()
  expect([run.code, run.output]).toEqual([
    0,
    expect.stringMatching(/^2 lists of ids are published and have arrived; MAX_LEAVERS has stopped none$/m),
  ])
  await untilIdle()
  const counts = countsIn(run.output)
  expect(counts).toMatchObject({
    departments: told.departments.length,
    people: PEOPLE,
    'out of scope': 0,
    'could not be read': 0,
  })
  expect(await table('leftAt IS NULL')).toEqual(rowsOf(told.people))
  expect(await leftIds()).toEqual(goneOf(told))

  const { calls, paths } = await control<{
    calls: number
    paths: Record<string, { refused: number; mostInASecond: number }>
  }>('counts')
  expect(calls).toBe(counts['calls'])
  for (const [name, { refused, mostInASecond }] of Object.entries(paths)) {
    expect([name, refused, mostInASecond <= CALLS_PER_S]).toEqual([name, 0, true])
  }
})

step('a second walk changes nothing', async () => {
  const before = await table()
  await reconcile()
  expect(await table()).toEqual(before)
  const kinds = ['would be added', 'would be added as left', 'would be changed', 'would leave']
  const none = Object.fromEntries(
    kinds.flatMap((kind) => ['user_info', 'departments'].map((name) => [`${kind} (${name})`, 0])),
  )
  expect(await reconcile(['--dry-run'])).toMatchObject(none)
})

step('ten walks that are killed at some moment mark nobody, and the next one finishes', async () => {
  const before = await table()
  const { calls: ofAll = 0 } = await reconcile()
  await control('settings', { perSecond: 1_000 })
  for (let kill = 0; kill < 10; kill++) {
    await control('reset-counts', {})
    const home = { HOME: process.env['HOME'] }
    const walk = startCli('reconcile', [], { ...home, LOCAL_DIR: localDir, DINGTALK_CALLS_PER_S: '60' })
    const at = 1 + Math.floor(Math.random() * 0.9 * ofAll)
    await waitFor(
      async () => (await control<{ calls: number }>('counts')).calls >= at || walk.isOver(),
      () => `it did not come to call ${at}:\n${walk.output()}`,
    )
    walk.kill('SIGKILL')
    await walk.ended()
  }
  await control('settings', { perSecond: 20 })
  await untilIdle()
  expect(await table()).toEqual(before)
  await reconcile()
  expect(await table()).toEqual(before)
})

step('three whose callbacks are nowhere have left, and nobody else: by the list of leavers', async () => {
  const before = await leftIds()
  const three = await dismiss(3)
  await reconcile()
  expect(await leftIds()).toEqual([...before, ...three].sort())
})

step('the same without the right to read that list: by the rosters', async () => {
  await control('settings', { refused: [LEAVE_RECORDS] })
  const before = await leftIds()
  const three = await dismiss(3)
  const [changed] = (await organisation()).people.slice(-1)
  await control('change', { userid: changed?.userid, title: '另一个职位' })
  const { output } = await runReconcile(['--dry-run'])
  expect([idsAfter('would leave (user_info)', output), idsAfter('would be changed (user_info)', output)]).toEqual([
    three.sort(),
    [changed?.userid],
  ])
  expect(await leftIds()).toEqual(before)
  await reconcile()
  expect(await leftIds()).toEqual([...before, ...three].sort())
  expect(await table('leftAt IS NULL')).toEqual(rowsOf((await organisation()).people))
})

step('more leavers than MAX_LEAVERS are none, until --allow-leavers says how many', async () => {
  const before = await leftIds()
  const nine = await dismiss(9)
  const run = await runReconcile()
  expect([run.code, run.output]).toEqual([
    0,
    expect.stringMatching(/^2 lists of ids are published; 1 of them marked nobody\. Why, .* --dead-letters --plan$/m),
  ])
  expect(await leftIds()).toEqual(before)
  const { output } = await runReconcile(['--dry-run'])
  expect(countsIn(output)).toMatchObject({ 'would leave (user_info)': 0, 'would leave if let through (user_info)': 9 })
  expect(idsAfter('would leave if let through (user_info)', output)).toEqual([...nine].sort())
  expect(output).toMatch(
    /^9 of \d+ would leave, and no more than 5 may \(MAX_LEAVERS\)\nLook first whether .* --allow-leavers 9$/m,
  )
  const plan = await runCli('replay', ['--dead-letters', '--plan'], { LOCAL_DIR: localDir })
  expect(idsAfter('\\S+ takes for gone', plan.output)).toEqual([...nine].sort())
  const doctor = await runCli('doctor', ['--local', '--json'], { LOCAL_DIR: localDir })
  const { links } = JSON.parse(doctor.output) as { links: { name: string; found: string; next: string }[] }
  expect(links.find(({ name }) => name === 'never stored')).toMatchObject({
    found: expect.stringMatching(/1 of them is a roster that MAX_LEAVERS stopped$/),
    next: expect.stringMatching(/^look first whether they have left: .*When the brake holds/),
  })
  expect(links.find(({ name }) => name === 'last walk')).toMatchObject({
    found: expect.stringMatching(/^\d+ people in/),
  })
  await reconcile(['--allow-leavers', '8'])
  expect(await leftIds()).toEqual(before)
  await reconcile(['--allow-leavers', '9'])
  expect(await leftIds()).toEqual([...before, ...nine].sort())
})

step('--failed-only publishes what DingTalk could not deliver, once', async () => {
  await control('settings', { fail: 'callback-lost=100%' })
  const { userid } = await control<{ userid: string }>('hire', { name: '小红' })
  expect(await reconcile(['--failed-only'])).toMatchObject({ events: 1, published: 1, 'could not be read': 0 })
  expect(Object.keys(await table(`userId = '${userid}' AND leftAt IS NULL`))).toEqual([userid])
  expect(await reconcile(['--failed-only'])).toMatchObject({ events: 0, published: 0 })
})

step('a walk that sees fewer people than DingTalk counts marks nobody, says so, and ends with 1', async () => {
  const server = await dingtalkServer()
  try {
    server.answer(answerFor(testOrganisation()))
    server.answer(({ path: asked }) => (asked === 'topapi/user/count' ? ok({ count: 7 }) : undefined))
    // the shell's keys go before the stack's
    const { code, output } = await runReconcile([], {
      DINGTALK_APP_KEY: 'dinginvented',
      DINGTALK_APP_SECRET: 'planted-secret',
      DINGTALK_CORP_ID: 'dingother',
      DINGTALK_API_ENDPOINT: server.url,
      DINGTALK_OAPI_ENDPOINT: server.url,
    })
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(
        /^Nobody is marked as left, since DingTalk counts more people than it shows, 2 more\. Run/m,
      ),
    ])
    await untilIdle()
    expect(Object.keys(await table("corpId = 'dingother' AND leftAt IS NULL"))).toHaveLength(5)
  } finally {
    await server.close()
  }
})

step('a permission that is missing is named, in a line', async () => {
  await control('settings', { refused: ['qyapi_get_department_list'] })
  const { code, output } = await runReconcile()
  await control('settings', { refused: [] })
  expect([code, output]).toEqual([1, expect.stringMatching(/^[^\n]*qyapi_get_department_list[^\n]*$/m)])
  expect(output).not.toMatch(/^\s+at /m)
})

/** Dismisses people of whom no callback tells. @returns their ids */
async function dismiss(count: number): Promise<string[]> {
  await control('settings', { fail: 'callback-gone=100%' })
  const { people } = await organisation()
  const chosen = people.slice(40, 40 + count).map(({ userid }) => userid)
  for (const userid of chosen) await control('dismiss', { userid })
  return chosen
}

step('a secret that DingTalk does not accept is said once, and no stack of calls', async () => {
  const { code, output } = await runReconcile([], { ...stack.env, DINGTALK_APP_SECRET: 'wrong' })
  expect(code).toBe(1)
  expect(output.trimEnd().split('\n').at(-1)).toMatch(/^DingTalk does not accept DINGTALK_APP_KEY and [^()]+ \(\w+\)$/)
})

step('a DingTalk that does not answer: run it again', async () => {
  const closed = 'http://127.0.0.1:9'
  const endpoints = { DINGTALK_API_ENDPOINT: closed, DINGTALK_OAPI_ENDPOINT: closed }
  const { code, output } = await runReconcile([], { ...stack.env, ...endpoints })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/^no connection to DingTalk .+\. Run the command again\.$/m),
  ])
})

step('an EventBridge that does not answer: the same', async () => {
  const noEventBridge = { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:9', ...QUICK_TIMERS }
  const { code, output } = await runReconcile([], { ...stack.env, ...noEventBridge })
  expect([code, output]).toEqual([
    1,
    expect.stringMatching(/^no connection to EventBridge .+\. Run the command again\.$/m),
  ])
})

test.each<[string[], Record<string, string>, RegExp]>([
  [[], {}, /^Set DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_CORP_ID in the shell or in \.env: /],
  [[], { DINGTALK_APP_KEY: 'ding1' }, /^Set DINGTALK_APP_SECRET, DINGTALK_CORP_ID in the shell/],
  [['--local'], {}, /^No local stack is running in /],
  [['--allow-leavers', '0'], {}, /^--allow-leavers takes a whole number, at least 1/],
  [['--allow-leavers', '5', '--failed-only'], {}, /^--failed-only publishes no lists/],
  [['--dry-run', '--failed-only'], {}, /^DingTalk forgets the events of --failed-only/],
  [['--all'], {}, /^Unknown option '--all'/],
])('npm run reconcile -- %j with %j is refused in a line', async (args, variables, message) => {
  const { code, output } = await runCli('reconcile', args, { LOCAL_DIR: path.join(folder, 'none'), ...variables })
  expect([code, output]).toEqual([1, expect.stringMatching(message)])
  expect(output).not.toMatch(/^\s+at /m)
})

const KEYS = { DINGTALK_APP_KEY: 'ding1', DINGTALK_APP_SECRET: 'secret', DINGTALK_CORP_ID: 'ding2' }
const CLOUD = { AccountID: '123456789', AccessKeyID: 'key', AccessKeySecret: 'secret' }

test.each<[string, Record<string, string>, RegExp]>([
  ['the account is not known', { ...KEYS }, /^Set AccountID, AccessKeyID, AccessKeySecret in \.env/],
  [
    'another machine is not meant',
    { ...KEYS, ...CLOUD },
    /^from https:\/\/oapi\.dingtalk\.com to https:\/\/123456789\.eventbridge\.cn-hangzhou\.aliyuncs\.com\nThis is not your own machine\. Add --yes if that is meant\.\n$/,
  ],
  [
    'invented people go to the cloud',
    { ...KEYS, ...CLOUD, DINGTALK_OAPI_ENDPOINT: 'http://127.0.0.1:9/dingtalk/oapi' },
    /^The people of a loopback DingTalk go to no EventBridge elsewhere/,
  ],
  [
    'a key would travel in the open',
    { ...KEYS, ...CLOUD, DINGTALK_OAPI_ENDPOINT: 'http://oapi.example.org' },
    /^DINGTALK_OAPI_ENDPOINT: must be an https URL/,
  ],
])('without a stack nothing is published when %s', async (_, variables, message) => {
  const { code, output } = await runCli('reconcile', [], { LOCAL_DIR: path.join(folder, 'none'), ...variables })
  expect([code, output]).toEqual([1, expect.stringMatching(message)])
})
