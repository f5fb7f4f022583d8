import { once } from 'node:events'
import type { Socket } from 'node:net'
import { showLinks } from '../../../shared/links'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { CORPORATION, examineDingtalk, notOk, REST } from '../../support/dingtalkDoctor'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
let dingtalk: TestDingTalk
/** what DingTalk was asked, with the methods */
let asked: string[]
let sockets: Set<Socket>
/** what is answered in the place of its own answer */
let instead: Record<string, { status: number; body: object }>

beforeEach(async () => {
  asked = []
  sockets = new Set()
  instead = {}
  dingtalk = await startTestDingTalk({
    folder,
    people: 50,
    before(call, res) {
      asked.push(`${res.req.method} ${call}`)
      sockets.add(res.req.socket)
      const reply = instead[call]
      if (reply === undefined) return false
      res.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body))
      return true
    },
  })
})
afterEach(() => dingtalk.close())

const TOKEN = `v1.0/oauth2/${CORPORATION}/token`

const examine = () => examineDingtalk(dingtalk)
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
  expect(notOk(links)).toEqual(names)
  expect(showLinks(links)).toMatch(says)
  expect(showLinks(links)).not.toContain(dingtalk.appSecret)
})

test('it hangs up once it is done', async () => {
  await examine()
  await Promise.all([...sockets].map((socket) => socket.destroyed || once(socket, 'close')))
  // where it is the server that hangs up, after a while, there is no end before
  expect(sockets.size).toBeGreaterThan(0)
  for (const socket of sockets) expect(socket.readableEnded).toBe(true)
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
