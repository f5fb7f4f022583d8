import { showLinks } from '../../../shared/links'
import { startTestDingTalk, type TestDingTalk } from '../../support/dingtalk'
import { examineDingtalk, notOk, REST } from '../../support/dingtalkDoctor'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
let dingtalk: TestDingTalk

beforeEach(async () => {
  dingtalk = await startTestDingTalk({ folder, people: 50 })
})
afterEach(() => dingtalk.close())

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
  const links = await examineDingtalk(dingtalk, variables)
  expect(notOk(links)).toEqual(names)
  expect(showLinks(links)).toMatch(says)
  for (const secret of ['planted', dingtalk.appSecret]) expect(showLinks(links)).not.toContain(secret)
})

test('an address is not the functions’, where they have another one', async () => {
  await dingtalk.control('settings', { fail: 'address=100%' })
  const links = await examineDingtalk(dingtalk, {}, 'ask there')
  expect(notOk(links)).toEqual(['unknown app key', ...REST])
  expect(links[0]?.next).toBe('ask there')
  expect(new Set(links.slice(1).map(({ found }) => found))).toEqual(new Set(['DingTalk cannot be asked']))
})
