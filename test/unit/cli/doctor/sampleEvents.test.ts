import { sampleEvents } from '../../../../cli/doctor/events'
import { readConfig } from '../../../../functions/webhook/config'
import { callbackEnvironment } from '../../../support/callback'

const source = { name: 'my.dingtalk', busName: 'bus', region: 'cn-hangzhou', accountId: '1' }
const token = { WEBHOOK_TOKEN: 'sixteen-letters-x' }
const byConnector = ['user_add_org', 'user_modify_org', 'user_leave_org']
const native = byConnector.map((action) => `native ${action}`)

/** What DingTalk calls it, in either form. */
function actionOf(json: string): string {
  const { body } = (JSON.parse(json) as { data: { body: { syncAction?: string; EventType?: string } } }).data
  return body.syncAction ?? `native ${body.EventType}`
}

test.each<[string, Record<string, string> | undefined, string[]]>([
  ['an open webhook', {}, byConnector],
  ['a connector’s secret', token, byConnector],
  ['native callbacks alone', callbackEnvironment, native],
  ['both', { ...token, ...callbackEnvironment }, [...byConnector, ...native]],
  ['variables that are wrong', undefined, byConnector],
])('with %s: who joins, changes and leaves, in the forms that are taken', (_, variables, names) => {
  const config = variables && readConfig({ EVENT_BUS_NAME: 'bus', ...variables })
  const samples = sampleEvents(config, source, new Date())
  expect(samples.map(({ name }) => name)).toEqual(names)
  expect(samples.map(({ json }) => actionOf(json))).toEqual(names)
})
