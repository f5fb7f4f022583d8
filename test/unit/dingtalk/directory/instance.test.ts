import { readConfig } from '../../../../functions/enrich/config'
import { openInstance } from '../../../../shared/dingtalk/directory/instance'
import { type DingtalkServer, dingtalkServer, ok } from '../../../support/dingtalkServer'
import { type ManualClock, manualClock } from '../../../support/manualClock'
import { waitFor } from '../../../support/waitFor'

let server: DingtalkServer
let clock: ManualClock
beforeEach(async () => {
  server = await dingtalkServer()
  clock = manualClock()
})
afterEach(() => server.close())

/** An invocation of a function that may take so many seconds. */
function begin(timeout: number | undefined, fallbackS = 60) {
  const instance = openInstance(
    readConfig({
      EVENT_BUS_NAME: 'dingtalk',
      FC_ACCOUNT_ID: '123456789012',
      FC_REGION: 'cn-hangzhou',
      DINGTALK_APP_KEY: 'dinginvented',
      DINGTALK_APP_SECRET: 'invented-secret',
      DINGTALK_CORP_ID: 'dingcorp',
      DINGTALK_API_ENDPOINT: server.url,
      DINGTALK_OAPI_ENDPOINT: server.url,
    }),
    clock,
  )
  const context = { region: 'cn-hangzhou', accountId: '123456789012', ...(timeout && { function: { timeout } }) }
  return { ...instance.begin(context, fallbackS), requests: instance.requests }
}

test.each([
  ['a minute, but for what is needed to publish and to answer', 60, 45_000],
  ['half a minute: the half of it is as much', 30, 15_000],
  ['18 seconds, half of them', 18, 9_000],
  ['three seconds, half of them', 3, 1_500],
  ['what the function has where its context does not say', undefined, 45_000],
])('calls may take %s', async (_, timeout, ms) => {
  server.answer(({ path }) => (path === 'topapi/user/count' ? ok({ count: 13 }) : undefined))
  const { directory, isLate, requests } = begin(timeout)
  expect(await directory.countPeople()).toBe(13)
  expect(requests()).toBe(2)
  // the last third is for what is begun already
  await clock.advance((ms / 3) * 2 - 1)
  expect(isLate()).toBe(false)
  await clock.advance(1)
  expect(isLate()).toBe(true)
  await clock.advance(ms / 3 - 1)
  expect(await directory.countPeople()).toBe(13)
  await clock.advance(1)
  await expect(directory.countPeople()).rejects.toMatchObject({ reaction: 'later', code: 'TimeIsOver' })
})

test('one that DingTalk does not answer ends before the function would be ended', async () => {
  server.answer(() => 'say nothing')
  const { directory } = begin(20)
  const given = expect(directory.countPeople()).rejects.toMatchObject({ reaction: 'later', code: 'Timeout' })
  await waitFor(() => server.asked.length === 1)
  await clock.advance(10_000)
  await given
})
