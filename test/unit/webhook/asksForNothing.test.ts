import { maintenanceRequest } from '../../../functions/employees/maintenance'
import { HTTP_EVENT } from '../../../shared/eventbridge/cloudEvent'
import { seedBody } from '../../fixtures/seedBody'
import type { RequestParts } from '../../support/fcEvent'
import { setUpWebhook } from '../../support/webhook'

const json = { 'Content-Type': 'application/json' }

describe('an event asks for nothing: what it holds stays in its data', () => {
  const attributes = ['id', 'source', 'specversion', 'type', 'datacontenttype', 'subject', 'time', 'data']
  const roster = {
    specversion: '1.0',
    id: 'x',
    source: 'dingtalk.reconcile',
    type: 'dingtalk:roster',
    allowleavers: 9999,
    onlytable: 'user_info',
    data: { body: { EventType: 'roster', userId: [] } },
  }
  test.each<[string, RequestParts]>([
    ['maintenance', { body: '{"maintenance":"purge","confirm":"x"}' }],
    [
      'maintenance beside an event',
      { body: '{"maintenance":"replay","allowLeavers":9999,"EventType":"user_add_org"}' },
    ],
    ['a roster, as a CloudEvent', { body: JSON.stringify(roster) }],
    ['a batch of CloudEvents', { body: JSON.stringify([roster, roster]) }],
    ['a snapshot', { body: '{"EventType":"user_snapshot","type":"dingtalk:snapshot","userId":["u1"]}' }],
    [
      'attributes in headers',
      { body: seedBody, headers: { ...json, 'ce-type': 'dingtalk:roster', 'ce-source': 'x', 'ce-allowleavers': '9' } },
    ],
    [
      'attributes in the query',
      { body: seedBody, query: { type: 'dingtalk:roster', allowleavers: '9', onlytable: 'x' } },
    ],
    ['structured mode', { body: JSON.stringify(roster), headers: { 'Content-Type': 'application/cloudevents+json' } }],
    [
      'maintenance in a header and the path',
      { body: seedBody, path: '/maintenance/purge', headers: { ...json, maintenance: 'purge' } },
    ],
  ])('%s', async (_, request) => {
    const { post, published } = setUpWebhook()
    expect((await post(request)).statusCode).toBe(200)
    expect(published).toHaveLength(1)
    const text = published[0] ?? ''
    const sent = JSON.parse(text) as Record<string, unknown>
    expect(attributes).toEqual(expect.arrayContaining(Object.keys(sent).filter((name) => !name.startsWith('aliyun'))))
    expect(sent).toMatchObject({ type: HTTP_EVENT, source: 'my.dingtalk' })
    for (const delivered of [text, `[${text}]`]) expect(maintenanceRequest(Buffer.from(delivered))).toBeUndefined()
  })
})
