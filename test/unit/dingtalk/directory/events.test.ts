import { createDirectoryEvents } from '../../../../shared/dingtalk/directory/events'
import { DROPPED_BY_DEFAULT } from '../../../../shared/dropFields/variable'

const source = { name: 'my.dingtalk', busName: 'dingtalk', region: 'cn-hangzhou', accountId: '123456789012' }
const NOW = Date.parse('2026-01-01T00:00:00Z')
const events = createDirectoryEvents(source, 'dingcorp', DROPPED_BY_DEFAULT.split(','), () => NOW)

test('a snapshot is an event of the source, with all digits, and says who it is about whatever the API says', () => {
  const fields = {
    order: 176220100000000513n,
    CorpId: 'planted',
    syncAction: 'user_roster',
    EventTime: 1,
    userId: 'planted',
    askedFor: 'planted',
  }
  const { id, json } = events.snapshot('user', '0147', fields, NOW - 5)
  expect(json).toContain('"order":176220100000000513')
  expect(json).not.toContain('planted')
  expect(JSON.parse(json)).toMatchObject({
    id,
    specversion: '1.0',
    source: 'my.dingtalk',
    type: 'dingtalk:Directory:Snapshot',
    subject: 'acs:eventbridge:cn-hangzhou:123456789012:eventbus/dingtalk/eventsource/my.dingtalk',
    time: '2026-01-01T08:00:00.000+08:00',
    aliyuneventbusname: 'dingtalk',
    data: { body: { syncAction: 'user_snapshot', CorpId: 'dingcorp', userId: '0147', EventTime: NOW - 5 } },
  })
})

test('a snapshot has none of the parts of a request, and says because of which event it was asked', () => {
  const { json } = events.snapshot('department', '610000447', {}, NOW, 'org_dept_create')
  const body = { syncAction: 'dept_snapshot', CorpId: 'dingcorp', deptId: '610000447', EventTime: NOW }
  expect(JSON.parse(json).data).toEqual({ body: { ...body, askedFor: 'org_dept_create' } })
})

test('what DROP_FIELDS names never leaves, in the spelling of the API, at any depth, as text within', () => {
  const planted = 'planted'
  const { json } = events.snapshot(
    'user',
    '0147',
    {
      name: '林晓满',
      mobile: planted,
      state_code: planted,
      telephone: planted,
      email: planted,
      org_email: planted,
      avatar: planted,
      remark: planted,
      extension: `{"x":"${planted}"}`,
      union_emp_ext: { list: [{ mobile: planted }] },
      text: `{"org_email":"${planted}"}`,
    },
    NOW,
  )
  expect(json).not.toContain(planted)
  expect(json).toContain('林晓满')
})

test('each has an id that EventBridge takes, and no two have the same', () => {
  const made = [
    events.snapshot('user', '0147', {}, NOW),
    events.snapshot('user', '0147', {}, NOW),
    events.roster('department', { after: '', upTo: null, ids: ['1'] }, NOW),
    events.gone('user', '0147', NOW),
    events.native({ EventType: 'user_add_org' }, '_an id that it does not take_'),
  ]
  for (const { id } of made) expect(id).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{0,127}$/)
  expect(new Set(made.map(({ id }) => id)).size).toBe(made.length)
})
