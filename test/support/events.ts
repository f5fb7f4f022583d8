/** A CloudEvent as EventBridge delivers it to a rule's target, with this body of the webhook's request in it. */
export function deliveredEvent(body: unknown, attributes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: '7059131c-0000-4000-b232-c4c3592120ae',
    source: 'my.dingtalk',
    specversion: '1.0',
    type: 'eventbridge:Events:HTTPEvent',
    subject: 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/dingtalk/eventsource/my.dingtalk',
    datacontenttype: 'application/json',
    time: '2022-05-13T15:28:29.504+08:00',
    aliyuneventbusname: 'dingtalk',
    aliyunpublishtime: '2022-05-13T07:28:29.505Z',
    aliyunaccountid: '123456789012',
    aliyunregionid: 'cn-hangzhou',
    data: { headers: {}, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
    ...attributes,
  }
}

/** What DingTalk's API tells of somebody, as enrich and reconcile publish it. */
export function snapshotEvent(body: object, attributes: Record<string, unknown> = {}): Record<string, unknown> {
  const type = 'dingtalk:Directory:Snapshot'
  return deliveredEvent({ syncAction: 'user_snapshot', ...body }, { type, time: later(body), ...attributes })
}

/** The complete list of a range of user ids, as reconcile publishes it. */
export function rosterEvent(body: object, attributes: Record<string, unknown> = {}): Record<string, unknown> {
  const type = 'dingtalk:Directory:Roster'
  const range = { syncAction: 'user_roster', after: '', upTo: null, ...body }
  return deliveredEvent(range, { type, time: later(body), ...attributes })
}

/** It arrives when it has happened. */
function later(body: { EventTime?: unknown }): string {
  return new Date((Number(body.EventTime) || Date.now()) + 1_000).toISOString()
}
