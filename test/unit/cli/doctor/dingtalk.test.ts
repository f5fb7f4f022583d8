import fs from 'node:fs'
import path from 'node:path'
import { checkDirectory } from '../../../../cli/doctor/dingtalk'
import { startTestDingTalk, type TestDingTalk } from '../../../support/dingtalk'
import { startServer } from '../../../support/rawHttp'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const CRASH = '{"errorMessage":"m","errorType":"Error","stackTrace":[]}'
let dingtalk: TestDingTalk

beforeAll(async () => {
  dingtalk = await startTestDingTalk({ folder: path.join(folder, 'dingtalk'), people: 20 })
})
afterAll(() => dingtalk.close())

const place = () => ({
  isLocal: true,
  functions: [],
  webhookUrl: undefined,
  localDir: folder,
  environment: {
    DINGTALK_APP_KEY: dingtalk.appKey,
    DINGTALK_APP_SECRET: dingtalk.appSecret,
    DINGTALK_CORP_ID: 'dinga1b2c3d4e5f60718',
    DINGTALK_API_ENDPOINT: `${dingtalk.url}/api`,
    DINGTALK_OAPI_ENDPOINT: `${dingtalk.url}/oapi`,
  },
})
const notOk = (links: Awaited<ReturnType<typeof checkDirectory>>) =>
  links.flatMap(({ name, state, found }) => (state === 'ok' ? [] : [`${state} ${name}: ${found}`]))

test.each<[string, Record<string, [status: number, body: string]>, string | undefined, string[]]>([
  ['both run', {}, '{"outcome":"walked","people":20,"departments":4}\n', []],
  ['nobody has walked yet', {}, undefined, []],
  ['enrich fails', { enrich: [200, CRASH] }, undefined, ['wrong enrich: fails']],
  ['reconcile is not there', { reconcile: [404, '{}'] }, undefined, ['wrong reconcile: is not running (404)']],
  [
    'the last walk broke off',
    {},
    '{"outcome":"walked"}\nno JSON\n{"outcome":"reconcile_failed","detail":"no permission"}\n{"outcome":"done"}\n',
    ['wrong last walk: no permission'],
  ],
])('on a local stack: %s', async (_, answers, log, problems) => {
  const file = path.join(folder, 'functions.log')
  fs.rmSync(file, { force: true })
  // as a start of the stack begins it
  const app = JSON.stringify({ level: 'info', outcome: 'app', app: dingtalk.appKey })
  if (log !== undefined) fs.writeFileSync(file, `${app}\n${log}`)
  const asked: string[] = []
  const stack = await startServer(({ url = '' }, response) => {
    asked.push(url)
    const [, name = ''] = /functions\/dingtalk-(\w+)\/invocations$/.exec(url) ?? []
    const [status, body] = answers[name] ?? [200, '{}']
    response.writeHead(status).end(body)
  })
  const webhookUrl = new URL(`http://127.0.0.1:${stack.port}/webhook/putEvents`)
  const links = await checkDirectory({ ...place(), webhookUrl })
  await stack.close()
  expect(notOk(links)).toEqual(problems)
  expect(links.slice(-3).map(({ name }) => name)).toEqual(['enrich', 'reconcile', 'last walk'])
  expect(asked).toHaveLength(2)
})

test('in the cloud whether they are deployed is not seen, and DingTalk is asked all the same', async () => {
  const links = await checkDirectory({ ...place(), isLocal: false })
  expect(links.map(({ name }) => name)).toContain('DingTalk people')
  expect(notOk(links)).toEqual(['unknown enrich, reconcile: whether they are deployed is not seen from here'])
})

test.each<[string, Record<string, string>, string[]]>([
  ['no key: one link, and nothing is asked', { DINGTALK_APP_KEY: ' ' }, ['ok DingTalk API']],
  ['a key without a secret', { DINGTALK_APP_SECRET: '' }, ['wrong DingTalk API']],
])('%s', async (_, variables, expected) => {
  const { environment, ...rest } = place()
  const links = await checkDirectory({ ...rest, isLocal: false, environment: { ...environment, ...variables } })
  expect(links.slice(0, 1).map(({ name, state }) => `${state} ${name}`)).toEqual(expected)
  expect(links.map(({ name }) => name)).not.toContain('DingTalk app key')
})
