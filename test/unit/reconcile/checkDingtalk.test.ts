import { checkDingtalk } from '../../../functions/reconcile/doctor/checkDingtalk'
import type { Clock } from '../../../shared/clock'
import { type Link, showLinks } from '../../../shared/links'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
let dingtalk: TestDingTalk
/** what DingTalk was asked, with the methods */
let asked: string[]
/** what is answered in the place of its own answer */
let instead: Record<string, { status: number; body: object }>

beforeEach(async () => {
  asked = []
  instead = {}
  dingtalk = await startTestDingTalk({
    folder,
    people: 50,
    before(call, res) {
      asked.push(`${res.req.method} ${call}`)
      const reply = instead[call]
      if (reply === undefined) return false
      res.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
      return true
    },
  })
})
afterEach(() => dingtalk.close())

const CORPORATION = 'dinga1b2c3d4e5f60718'
const TOKEN = `v1.0/oauth2/${CORPORATION}/token`

/** A minute of it is three seconds: what waits and tries again has its time. */
const SHARE = 20
const started = Date.now()
const fastClock: Clock = {
  now: () => started + (Date.now() - started) * SHARE,
  after(ms, callback) {
    const timer = setTimeout(callback, ms / SHARE)
    return () => clearTimeout(timer)
  },
}

function examine(variables: Record<string, string> = {}, fromOutside?: string): Promise<Link[]> {
  const config = {
    DINGTALK_APP_KEY: dingtalk.appKey,
    DINGTALK_APP_SECRET: dingtalk.appSecret,
    DINGTALK_CORP_ID: CORPORATION,
    DINGTALK_API_ENDPOINT: `${dingtalk.url}/api`,
    DINGTALK_OAPI_ENDPOINT: `${dingtalk.url}/oapi`,
    DINGTALK_CALLS_PER_S: 60,
    ...variables,
  }
  return checkDingtalk(config, { clock: fastClock, ...(fromOutside !== undefined && { fromOutside }) })
}

const others = (links: readonly Link[]) =>
  links.filter(({ state }) => state !== 'ok').map(({ name, state }) => `${state} ${name.replace('DingTalk ', '')}`)
const REST = [
  ...['corporation', 'range', 'permission qyapi_get_member', 'permission qyapi_get_department_member'],
  ...['permission qyapi_get_department_list', 'permission Contact.Common.Read', 'people'],
].map((name) => `unknown ${name}`)
const settings = (body: object) => () => dingtalk.control('settings', body)
const answers = (call: string, body: object, status: number) => async () => {
  instead[call] = { status, body }
}

test('with keys that do, every link is ok, and no list of failed callbacks was emptied', async () => {
  const links = await examine()
  expect(links.filter(({ next }) => next !== undefined)).toEqual([])
  expect(links.map(({ name, state, found }) => `${state} ${name.replace('DingTalk ', '')}: ${found}`)).toEqual([
    `ok app key: accepted by ${new URL(dingtalk.url).host}`,
    'ok corporation: the app is that of DINGTALK_CORP_ID',
    'ok range: the whole organisation',
    'ok permission qyapi_get_member: user/get, user/listid, user/count',
    'ok permission qyapi_get_department_member: user/list',
    'ok permission qyapi_get_department_list: department/get, department/listsub, department/listsubid',
    'ok permission Contact.Common.Read: empLeaveRecords',
    'ok people: 50 in the organisation',
  ])
  expect(asked).toContain(`POST ${TOKEN}`)
  const { body } = await dingtalk.control('counts')
  expect(Object.keys(body['paths'] as object)).not.toContain('oapi/call_back/get_call_back_failed_result')
})

const LINK = String.raw`https://open-dev\.dingtalk\.com/appscope/apply\?content=\S+`

/** What is wrong, the links that are not ok then, and how the first of them reads. */
const CASES: readonly [name: string, breaks: () => Promise<unknown>, names: readonly string[], says: RegExp][] = [
  [
    'the permission to read people is missing',
    settings({ refused: ['qyapi_get_member'] }),
    ['wrong permission qyapi_get_member', 'unknown people'],
    new RegExp(`lacks qyapi_get_member.* here: ${LINK}qyapi_get_member\\n +→ an administrator opens the link`),
  ],
  [
    'the permission to list members is missing',
    settings({ refused: ['qyapi_get_department_member'] }),
    ['wrong permission qyapi_get_department_member', 'unknown people'],
    new RegExp(`lacks qyapi_get_department_member.* here: ${LINK}\\n +→ an administrator opens the link`),
  ],
  [
    'the permission to list departments is missing',
    settings({ refused: ['qyapi_get_department_list'] }),
    ['wrong permission qyapi_get_department_list', 'unknown people'],
    new RegExp(`lacks qyapi_get_department_list.* here: ${LINK}\\n +→ an administrator`),
  ],
  [
    'the permission to read who left is missing, without which it goes, too',
    settings({ refused: ['Contact.Common.Read'] }),
    [],
    /missing, so that who left is known by absence alone.*\n +→ .*lacks Contact\.Common\.Read.*grants it/,
  ],
  [
    'the base permission is missing',
    settings({ refused: ['qyapi_base'] }),
    ['wrong range'],
    /wrong +DingTalk range .*lacks qyapi_base.*\n +→ an administrator/,
  ],
  [
    'members are listed no more, and nothing says why',
    settings({ emptied: ['qyapi_get_department_member'] }),
    ['wrong people'],
    /counts 50 people, and shows nobody where somebody is.*\n +→ compare the app’s permissions/,
  ],
  [
    'departments are listed no more, and nothing says why',
    settings({ emptied: ['qyapi_get_department_list'] }),
    ['wrong people'],
    /counts 50 people, and shows no department where some are.*\n +→ compare/,
  ],
  [
    'the range is empty',
    settings({ range: { departments: [], users: [] } }),
    ['wrong range'],
    /wrong +DingTalk range +nobody: .*\n +→ the developer console sets it/,
  ],
  [
    'the range is a part',
    async () => dingtalk.control('settings', { range: { departments: [await someDepartment()], users: [] } }),
    [],
    /DingTalk range +1 departments with all below them \(\d+\) and 0 single people\n +→ of all others nothing is read/,
  ],
  [
    'the range is a person',
    async () => dingtalk.control('settings', { range: { departments: [], users: [await somebody()] } }),
    [],
    /DingTalk range +0 departments .* and 1 single people\n +→ /,
  ],
  [
    'the range is a department and a person',
    async () =>
      dingtalk.control('settings', { range: { departments: [await someDepartment()], users: [await somebody()] } }),
    [],
    /DingTalk range +1 departments .* and 1 single people\n +→ /,
  ],
  [
    'the range is refused for a reason that nobody knows',
    answers('auth/scopes', { errcode: 987654 }, 200),
    ['wrong range'],
    /wrong +DingTalk range .*\(987654\)\n +→ look the code up/,
  ],
  [
    'the corporation does not know the keys',
    answers(TOKEN, { code: 'invalid.client' }, 400),
    ['wrong corporation'],
    /not one of DINGTALK_CORP_ID, it seems \(invalid\.client\)\n +→ copy CorpId/,
  ],
  [
    'the corporation refuses for another reason',
    answers(TOKEN, { code: 'Forbidden.AccessDenied.IpNotInWhiteList' }, 403),
    ['unknown corporation'],
    /unknown +DingTalk corporation .*exit addresses.*\n +→ add that address/,
  ],
  [
    'the corporation gives no token',
    answers(TOKEN, {}, 200),
    ['unknown corporation'],
    /unknown +DingTalk corporation .*cannot be read: access_token\n/,
  ],
  [
    'the address is refused',
    settings({ fail: 'address=100%' }),
    ['wrong app key', ...REST],
    /\d+\.\d+\.\d+\.\d+ is not among the app's server exit addresses.*\n +→ add that address in the developer console/,
  ],
  [
    'the month’s quota is used up',
    settings({ fail: 'quota=100%' }),
    ['wrong range'],
    /wrong +DingTalk range .*quota of API calls is used up\n +→ .*wait for the next month/,
  ],
  [
    'DingTalk throttles',
    settings({ fail: 'throttle=100%' }),
    ['unknown app key', ...REST],
    /throttles .*\(90018\)|QpsLimit.*\n +→ other programs call with this app’s key/,
  ],
  [
    'DingTalk answers a page of HTML',
    settings({ fail: 'html=100%' }),
    ['unknown app key', ...REST],
    /answers no calls from this address for some minutes.*\n +→ wait five minutes/,
  ],
  [
    'DingTalk is busy',
    settings({ fail: 'busy=100%' }),
    ['unknown app key', ...REST],
    /too busy for .*\n +→ run this again in a minute/,
  ],
  [
    'connections are reset',
    settings({ fail: 'reset=100%' }),
    ['unknown app key', ...REST],
    /no connection to DingTalk \(ECONNRESET\).*\n +→ check DINGTALK_API_ENDPOINT/,
  ],
  [
    'nothing answers in time',
    settings({ fail: 'hang=100%' }),
    ['unknown app key', ...REST],
    /no connection to DingTalk \(Timeout\).*\n +→ check DINGTALK_API_ENDPOINT/,
  ],
  [
    'half of an answer comes',
    settings({ fail: 'truncated=100%' }),
    ['unknown app key', ...REST],
    /cannot be read \(NotJson\)\n +→ check DINGTALK_API_ENDPOINT/,
  ],
]

test.each(CASES)('%s', async (_, breaks, names, says) => {
  await breaks()
  const links = await examine()
  expect(others(links)).toEqual(names)
  expect(showLinks(links)).toMatch(says)
  expect(showLinks(links)).not.toContain(dingtalk.appSecret)
})

test.each<[string, Record<string, string>, string[], RegExp]>([
  [
    'another secret',
    { DINGTALK_APP_SECRET: 'planted-secret' },
    ['wrong app key', ...REST],
    /does not accept DINGTALK_APP_KEY and DINGTALK_APP_SECRET.*\n +→ copy Client ID and Client Secret/,
  ],
  [
    'another key',
    { DINGTALK_APP_KEY: 'dingplanted' },
    ['wrong app key', ...REST],
    /does not accept DINGTALK_APP_KEY and DINGTALK_APP_SECRET/,
  ],
  [
    'another corporation',
    { DINGTALK_CORP_ID: 'dingother' },
    ['wrong corporation'],
    /not one of DINGTALK_CORP_ID, it seems \(unknownError\)\n +→ copy CorpId/,
  ],
  [
    'an endpoint where nothing listens',
    { DINGTALK_API_ENDPOINT: 'http://127.0.0.1:1', DINGTALK_OAPI_ENDPOINT: 'http://127.0.0.1:1' },
    ['unknown app key', ...REST],
    /no connection to DingTalk \(ECONNREFUSED\)/,
  ],
])('%s', async (_, variables, names, says) => {
  const links = await examine(variables)
  expect(others(links)).toEqual(names)
  expect(showLinks(links)).toMatch(says)
  for (const secret of ['planted', dingtalk.appSecret]) expect(showLinks(links)).not.toContain(secret)
})

test('an address is not the functions’, where they have another one', async () => {
  await dingtalk.control('settings', { fail: 'address=100%' })
  const links = await examine({}, 'ask there')
  expect(others(links)).toEqual(['unknown app key', ...REST])
  expect(links[0]?.next).toBe('ask there')
  expect(new Set(links.slice(1).map(({ found }) => found))).toEqual(new Set(['DingTalk cannot be asked']))
})

test('a range of more departments than a line holds is told by the first of them', async () => {
  await dingtalk.close()
  dingtalk = await startTestDingTalk({ folder, people: 400 })
  const { departments } = await dingtalk.truth()
  const ids = departments.filter(({ id }) => id !== '1').map(({ id }) => Number(id))
  expect(ids.length).toBeGreaterThan(10)
  const rangeOf = async (seen: number[]) => {
    await dingtalk.control('settings', { range: { departments: seen, users: [] } })
    return (await examine()).find(({ name }) => name === 'DingTalk range')?.found ?? ''
  }
  expect(await rangeOf(ids.slice(0, 10))).toContain(`(${ids.slice(0, 10).join(', ')})`)
  const [, named = '', more] = /\(([\d, ]+) and (\d+) more\)/.exec(await rangeOf(ids)) ?? []
  expect([named.split(', ').length, Number(more)]).toEqual([10, ids.length - 10])
})

async function someDepartment(): Promise<string> {
  const { departments, people } = await dingtalk.truth()
  const inhabited = departments.find(
    ({ id, parentId }) =>
      parentId === '1' && people.some(({ placements }) => placements.some(({ deptId }) => deptId === id)),
  )
  return inhabited?.id ?? 'none'
}

async function somebody(): Promise<string> {
  return (await dingtalk.truth()).people[0]?.userid ?? 'nobody'
}
