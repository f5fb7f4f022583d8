import { toChanges } from '../../../functions/employees/toChanges'
import { mappingSlips } from '../../../local/stack/mappingSlips'
import { compileFields } from '../../../shared/dropFields/fieldNames'
import { dropFieldsVariable } from '../../../shared/dropFields/variable'
import { readMappings } from '../../../shared/mapping/readMappings'
import { events } from '../../fixtures/dingtalkEvents.json'
import { ARRIVED, CORP, LIN, ROWS, ZHOU } from '../../fixtures/exampleRows'
import { APPENDED, ARRIVAL, appended, exampleMappings, published } from '../../support/examples'

const tables = exampleMappings()

/** What the tables of the documents are told by what DingTalk posts: whatever cannot be read is there as well. */
async function told(posted: object, mappings = tables, variables: Record<string, string> = {}) {
  const readings = (await published(posted, variables)).flatMap((event) =>
    mappings.map((mapping) => ({ mapping, ...toChanges(event, mapping, { DINGTALK_CORP_ID: 'x' }, ARRIVAL) })),
  )
  return readings.flatMap(({ mapping: { table, key, columns }, changes, faults }) => [
    ...faults,
    ...changes.map(({ key: ids, values, unreadable }) => {
      const said = columns.flatMap(({ name }, at) => (values[at] === undefined ? [] : [[name, values[at]]]))
      return { table, ...Object.fromEntries([...key.map(({ name }, at) => [name, ids[at]]), ...said]), unreadable }
    }),
  ])
}

test.each(events)('$form: $name', async ({ name, event }) => {
  const [table, lastEventTime, row] = ROWS[name] ?? []
  // of hr_changes it is the key
  const id = table === 'hr_changes' ? {} : { lastEventId: expect.any(String) }
  const whole = { table, corpId: CORP, ...row, ...id, lastEventTime, unreadable: [] }
  expect(await told(event)).toEqual(table === undefined ? [] : [whole])
})

test('every row that is expected has its event', () => {
  const names = new Set(events.map(({ name }) => name))
  expect(Object.keys(ROWS).filter((name) => !names.has(name))).toEqual([])
})

const DOCUMENTED: [string, object, object[]][] = [
  [
    'a room as it is made: its labels are text',
    {
      ...{
        EventType: 'meetingroom_room_info',
        eventSubType: 'create',
        corpId: CORP,
        roomId: '1',
        roomName: ' 报告厅 ',
      },
      ...{ labels: '[3,5]', capacity: '500人以上' },
    },
    [{ table: 'meeting_rooms', corpId: CORP, roomId: '1', roomName: '报告厅', labels: '[3,5]', capacity: '500' }],
  ],
  [
    'a kind of change of HR’s that nobody knows yet',
    {
      EventType: 'hrm_mdm_user_change',
      eventId: 'e1',
      CorpId: CORP,
      changeType: 9,
      staffId: LIN,
      bizTime: 1_790_000_000_000,
    },
    [
      {
        ...{ table: 'hr_changes', corpId: CORP, eventId: 'e1', userId: LIN, changeType: '9' },
        happenedAt: '2026-09-21 14:13:20.000',
      },
    ],
  ],
  [
    'two people given two roles',
    {
      ...{ EventType: 'label_user_change', CorpId: CORP, action: 'remove' },
      ...{ UserIdList: [LIN, ZHOU], LabelIdList: [1, 2] },
    },
    [LIN, ZHOU].flatMap((userId) =>
      ['1', '2'].map((roleId) => ({ table: 'user_roles', corpId: CORP, userId, roleId, revokedAt: ARRIVED })),
    ),
  ],
  [
    'a list of clock-ins, of which one cannot be read',
    {
      EventType: 'attendance_check_record',
      CorpId: CORP,
      dataList: JSON.stringify([
        { bizId: 'a', userId: LIN },
        { userId: LIN },
        { bizId: 'b', locationResult: 'Outside' },
      ]),
    },
    [
      { table: 'attendance_records', corpId: CORP, bizId: 'a', userId: LIN },
      { table: 'attendance_records', corpId: CORP, bizId: 'b', result: 'Outside' },
    ],
  ],
  [
    'an approval in a frame of Stream, with capitals: the frame has a type of its own',
    {
      ...{ type: 'EVENT', headers: { eventType: 'bpms_instance_change', eventId: 'e1', eventCorpId: CORP } },
      data: { ProcessInstanceId: 'p1', Type: 'finish', Result: 'agree' },
    },
    [{ table: 'approvals', corpId: CORP, processInstanceId: 'p1', status: 'agree', lastEventId: 'e1' }],
  ],
  ...[
    {
      ...{ EventType: 'bpms_instance_change', type: 'finish', processInstanceId: 'p1' },
      finishTime: 1_790_000_000_000,
    },
    { ...{ EventType: 'bpms_task_change', type: 'finish', taskId: 7 }, finishTime: 1_790_000_000_000 },
    { EventType: 'meetingroom_room_info', eventSubType: 'update', roomId: '1' },
    { EventType: 'meetingroom_book', eventSubType: 'bookCancel', bookId: 'b' },
    { EventType: 'meeting_status_change', changeScene: 'conference_closed', openConfModel: { conferenceId: 'c' } },
    { EventType: 'attendance_check_record', dataList: [{ bizId: 'a', checkTime: 1_790_000_000_000 }] },
    { EventType: 'hrm_mdm_user_change', staffId: LIN, changeType: 1 },
  ].map((event): [string, object, object[]] => [
    `${event.EventType} as it was captured, with a small corpId and its time in TimeStamp`,
    { ...event, corpId: CORP, TimeStamp: '1790000007000' },
    [{ corpId: CORP, lastEventTime: '2026-09-21 14:13:27.000' }],
  ]),
  [
    'a meeting whose model is JSON text',
    {
      ...{ EventType: 'meeting_status_change', changeScene: 'conference_created', CorpId: CORP },
      openConfModel: '{"conferenceId":"c1","startTime":1790000000000,"creatorId":"u"}',
    },
    [{ table: 'meetings', conferenceId: 'c1', startedAt: '2026-09-21 14:13:20.000', creatorUnionId: 'u', closed: 0 }],
  ],
  ['a comment on a task', { EventType: 'bpms_task_change', type: 'comment', CorpId: CORP, taskId: 1 }, []],
  ['a booking’s push that is of no known kind', { EventType: 'meetingroom_book', eventSubType: 'x', bookId: 'b' }, []],
  [
    'a role out of the app’s range',
    { biz_id: '7', corp_id: CORP, biz_type: 15, biz_data: { syncAction: 'org_role_modify', errcode: 50_004 } },
    [{ table: 'roles', corpId: CORP, roleId: '7' }],
  ],
  [
    'a role as an ISV app is told of it',
    {
      ...{ biz_id: '7', corp_id: CORP, biz_type: 15 },
      biz_data: {
        errcode: 0,
        syncAction: 'org_role_add',
        role_id: 7,
        role_name: '主管',
        group_id: 3,
        group_name: '默认',
      },
    },
    [{ table: 'roles', corpId: CORP, roleId: '7', name: '主管', parentId: '3', removedAt: null }],
  ],
]

test.each(DOCUMENTED)('%s', async (_, event, rows) => {
  const found = (await told(event)).filter((row) => typeof row !== 'string')
  expect(found).toEqual(rows.map((row) => expect.objectContaining(row)))
})

test('neither a place nor a device, a remark, a title or a name is stored', async () => {
  for (const { event } of events) {
    const text = JSON.stringify(await told(event, tables, { DROP_FIELDS: 'none' }))
    expect(text).not.toMatch(/示例路|30\.0001|160000006KN|请财务处理|申请|季度复盘|林晓满|周予安/)
  }
})

test.each(subsets([...APPENDED]).map((names) => [names]))('%j are appended, in either order', (names) => {
  const [forwards, backwards] = [names, [...names].reverse()].map((some) =>
    readMappings(appended(some), 'mapping.yaml'),
  )
  expect(forwards?.slice(0, 2).map(({ table }) => table)).toEqual(['user_info', 'departments'])
  expect(new Set(backwards)).toEqual(new Set(forwards))
})

const fields = compileFields(dropFieldsVariable.parse(undefined))
const slipsOf = (text: string) =>
  readMappings(text, 'mapping.yaml').flatMap((mapping) => mappingSlips(mapping, text, fields.has))
const withOptIns = appended().replaceAll(
  /^ {2}# ((?:title|calendarEventId| {2}(?:slot|type|from|after)):.*)$/gm,
  '  $1',
)

test('npm start finds nothing to mention in them; of what is taken in, the field that the door removes', () => {
  expect(slipsOf(appended())).toEqual([])
  expect(slipsOf(withOptIns)).toEqual([
    expect.stringMatching(/calendarEventId is never filled: DROP_FIELDS has the webhook remove extension\./),
  ])
})

test('what may be taken in is filled', async () => {
  const booking = events.find(({ name }) => name.startsWith('meetingroom_book appvaral'))?.event ?? {}
  const finish = events.find(({ name }) => name.startsWith('bpms_instance_change finish agree'))?.event ?? {}
  const all = exampleMappings(withOptIns)
  expect(await told(booking, all, { DROP_FIELDS: 'mobile' })).toEqual([
    expect.objectContaining({ title: '季度复盘', calendarEventId: 'VjhtInventedEvt09' }),
  ])
  expect(await told(finish, all)).toEqual([expect.objectContaining({ title: '林晓满提交的用印申请' })])
})

function subsets([first, ...others]: string[]): string[][] {
  if (first === undefined) return [[]]
  return subsets(others).flatMap((some) => [some, [first, ...some]])
}
