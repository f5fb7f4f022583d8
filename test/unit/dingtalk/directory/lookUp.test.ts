import { DingtalkError } from '../../../../shared/dingtalk/directory/errors'
import { lookUp } from '../../../../shared/dingtalk/directory/lookUp'
import { type DingtalkServer, dingtalkServer, gatewayError, ok } from '../../../support/dingtalkServer'
import { directoryTools } from '../../../support/organisation'

let server: DingtalkServer
let directory: ReturnType<typeof directoryTools>
beforeEach(async () => {
  server = await dingtalkServer()
  directory = directoryTools(server)
})
afterEach(async () => {
  directory.client.close()
  await server.close()
})

const bodyOf = ({ event }: { event: { json: string } }) => JSON.parse(event.json).data.body as object

test.each<[string, object, string, object]>([
  [
    'tells of',
    ok({ userid: '0147', name: '林晓满' }),
    'there',
    { syncAction: 'user_snapshot', userId: '0147', name: '林晓满', askedFor: 'user_add_org' },
  ],
  ['does not know', { errcode: 60121 }, 'gone', { syncAction: 'user_leave_org', userId: '0147' }],
  [
    'does not let the app see',
    gatewayError('50002'),
    'outOfScope',
    { syncAction: 'user_snapshot', userId: '0147', errcode: 50002, askedFor: 'user_add_org' },
  ],
])('somebody whom DingTalk %s', async (_, reply, is, body) => {
  server.answer(({ path }) => (path === 'topapi/v2/user/get' ? reply : undefined))
  const found = await lookUp('user', '0147', directory.tools, 'user_add_org')
  expect(found.is).toBe(is)
  expect(bodyOf(found)).toMatchObject(body)
})

test.each<[string, Error]>([
  ['an error of ours', new TypeError('x')],
  ['one that no answer was the cause of', new DingtalkError('later', 'TimeIsOver', 'm')],
  ['a refusal', Object.assign(new DingtalkError('refused', '40035', 'm'), { askedAt: 1 })],
])('%s comes out as it is', async (_, error) => {
  const broken = { ...directory.tools.directory, department: () => Promise.reject(error) }
  await expect(lookUp('department', '1', { ...directory.tools, directory: broken })).rejects.toBe(error)
})
