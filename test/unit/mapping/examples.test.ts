import { toChanges } from '../../../functions/employees/toChanges'
import { mappingSlips } from '../../../local/stack/mappingSlips'
import { compileFields } from '../../../shared/dropFields/fieldNames'
import { dropFieldsVariable } from '../../../shared/dropFields/variable'
import { readMappings } from '../../../shared/mapping/readMappings'
import { events } from '../../fixtures/dingtalkEvents.json'
import { APPENDED, ARRIVAL, appended, exampleMappings, published } from '../../support/examples'

const CORP = 'dinga1b2c3d4e5f60718'
const [LIN, MANAGER, ZHOU] = ['014725836901234567', 'manager8801', '0260470000730001']
const [SEAL, GOING_OUT] = ['kNpmInventedInst00000000000001', '9QgxInventedInst00000000000002']
const [FORM, HIRE_FORM] = ['PROC-1F2E3D4C-5B6A-4789-90AB-CDEF01234567', 'PROC-0A0B0C0D-0E0F-4101-8121-314151617181']
const ARRIVED = '2026-10-01 00:00:00.000'

const seal = { processInstanceId: SEAL, processCode: FORM, businessId: '202609211253000000439', originatorUserId: LIN }
const withdrawn = {
  ...seal,
  ...{ processInstanceId: '9QgxInventedInst00000000000003', businessId: '202609211310000114022', bizCategoryId: null },
  startedAt: '2026-09-21 14:15:00.000',
}
const sealed = { status: 'agree', startedAt: '2026-09-21 14:15:00.000', finishedAt: '2026-09-21 15:45:00.900' }
const task = { processInstanceId: SEAL, processCode: FORM }
const meeting = {
  conferenceId: '6321invented00000000b6ed40',
  creatorUnionId: 'Qk3inventedPersonAiEiE',
  startedAt: '2026-09-21 14:16:40.000',
  invited: 6,
}
const held = { endedAt: '2026-09-21 15:16:40.000', durationMs: 3_600_000, attended: 6, closed: 1 }
const clockIn = {
  ...{ bizId: 'FF620000000000000000000000000001', userId: LIN, checkedAt: '2026-09-21 13:13:20.000' },
  ...{ groupId: '4C630000000000000000000000000001', method: 'MAP', result: 'Normal' },
}
const dutyManager = { roleId: '2390000715', name: '值班经理', parentId: '1680000118' }

/** What each of DingTalk's events makes of which table; any other of the fixture is of none. */
const ROWS: Record<string, [table: string, at: string, row: Record<string, unknown>]> = {
  'bpms_instance_change start (captured form)': [
    'approvals',
    '2026-09-21 14:15:00.000',
    { ...seal, bizCategoryId: null, status: 'running', startedAt: '2026-09-21 14:15:00.000' },
  ],
  'bpms_instance_change finish agree (captured form)': [
    'approvals',
    '2026-09-21 15:45:00.900',
    { ...seal, bizCategoryId: null, ...sealed },
  ],
  'bpms_instance_change finish refuse (documented form)': [
    'approvals',
    '2026-09-21 14:16:30.500',
    {
      ...{
        ...seal,
        processInstanceId: GOING_OUT,
        businessId: '202609211300000114021',
        bizCategoryId: 'attendance.goout',
      },
      ...{ status: 'refuse', startedAt: '2026-09-21 14:15:00.000', finishedAt: '2026-09-21 14:16:30.400' },
    },
  ],
  'bpms_instance_change terminate (no result)': [
    'approvals',
    '2026-09-21 14:16:00.000',
    { ...withdrawn, status: 'terminated', finishedAt: '2026-09-21 14:16:00.000' },
  ],
  'bpms_instance_change delete': [
    'approvals',
    '2026-09-21 14:16:10.000',
    { ...withdrawn, status: 'deleted', finishedAt: '2026-09-21 14:16:10.000' },
  ],
  'bpms_instance_change hire (bizCategoryId hrm.hire)': [
    'approvals',
    '2026-09-21 14:16:35.000',
    {
      ...{ processInstanceId: '9QgxInventedInst00000000000004', processCode: HIRE_FORM, bizCategoryId: 'hrm.hire' },
      ...{ businessId: '202609211320000114023', originatorUserId: MANAGER, status: 'agree' },
      ...{ startedAt: '2026-09-21 14:15:00.000', finishedAt: '2026-09-21 14:16:34.000' },
    },
  ],
  'frame bpms_instance_change finish': [
    'approvals',
    '2026-09-21 15:45:00.950',
    { ...seal, bizCategoryId: null, ...sealed },
  ],
  '245 workflow_instance_change_broadcast start': [
    'approvals',
    '2026-09-21 14:15:00.000',
    { ...seal, status: 'running', startedAt: '2026-09-21 14:15:00.000' },
  ],
  '245 workflow_instance_change_broadcast finish (finshTime)': [
    'approvals',
    '2026-09-21 15:45:00.900',
    { ...seal, ...sealed },
  ],
  '247 workflow_instance_change_directed (type "finsh")': [
    'approvals',
    '2026-09-21 15:45:00.900',
    { ...seal, ...sealed },
  ],

  'bpms_task_change finish redirect': [
    'approval_tasks',
    '2026-09-21 15:15:00.000',
    {
      ...{ ...task, taskId: '61900000919', userId: MANAGER, status: 'redirect' },
      ...{ startedAt: '2026-09-21 14:15:00.700', finishedAt: '2026-09-21 15:15:00.000' },
    },
  ],
  'bpms_task_change start after redirect (new approver)': [
    'approval_tasks',
    '2026-09-21 15:15:00.300',
    { ...task, taskId: '61900000977', userId: ZHOU, status: 'running', startedAt: '2026-09-21 15:15:00.300' },
  ],
  'bpms_task_change finish agree (captured form)': [
    'approval_tasks',
    '2026-09-21 15:45:00.000',
    {
      ...{ ...task, taskId: '61900000977', userId: ZHOU, status: 'agree' },
      ...{ startedAt: '2026-09-21 15:15:00.300', finishedAt: '2026-09-21 15:45:00.000' },
    },
  ],
  'bpms_task_change cancel (or-sign, somebody else decided)': [
    'approval_tasks',
    '2026-09-21 15:45:00.950',
    {
      ...{ ...task, taskId: '61900000978', userId: '0871230000000004', status: 'cancelled' },
      ...{ startedAt: '2026-09-21 15:15:00.300', finishedAt: '2026-09-21 15:45:00.950' },
    },
  ],
  'frame bpms_task_change start': [
    'approval_tasks',
    '2026-09-21 14:15:00.720',
    { ...task, taskId: '61900000919', userId: MANAGER, status: 'running', startedAt: '2026-09-21 14:15:00.700' },
  ],
  '246 workflow_task_change_broadcast finish': [
    'approval_tasks',
    '2026-09-21 15:45:00.000',
    {
      ...{ ...task, taskId: '77000611', userId: MANAGER, status: 'agree' },
      ...{ startedAt: '2026-09-21 14:15:00.700', finishedAt: '2026-09-21 15:45:00.000' },
    },
  ],

  'meetingroom_book appvaral (sic): waits for approval': [
    'room_bookings',
    ARRIVED,
    {
      ...{ bookId: 'bkinvented0000000000000001', roomId: '231', roomName: '报告厅', userId: LIN, needsApproval: 1 },
      ...{ bookedAt: '2026-09-21 04:33:58.000', startsAt: '2026-09-22 07:00:00.000' },
      ...{ endsAt: '2026-09-22 09:30:00.000', status: 'waiting' },
    },
  ],
  'meetingroom_book bookUpdate (ids only, no new times)': [
    'room_bookings',
    ARRIVED,
    { bookId: 'bkinvented0000000000000001', roomName: '报告厅', needsApproval: 0, changedAt: ARRIVED },
  ],
  'meetingroom_book bookCancel (ids only)': [
    'room_bookings',
    ARRIVED,
    { bookId: 'bkinvented0000000000000001', needsApproval: 0, status: 'cancelled' },
  ],
  'meetingroom_book bookRefuse (ids only)': [
    'room_bookings',
    ARRIVED,
    { bookId: 'bkinvented0000000000000002', needsApproval: 1, status: 'refused' },
  ],
  'meetingroom_room_info update (labels as array, capacity with unit)': [
    'meeting_rooms',
    ARRIVED,
    { roomId: '231', roomName: '报告厅A', capacity: '100', labels: '[3,5]' },
  ],
  'meetingroom_room_info del': ['meeting_rooms', ARRIVED, { roomId: '278', removedAt: ARRIVED }],
  'meeting_status_change conference_created': [
    'meetings',
    '2026-09-21 14:16:40.100',
    { ...meeting, calendarEventId: 'VjhtInventedEvt09', durationMs: 0, attended: 1, closed: 0 },
  ],
  'meeting_status_change conference_closed': [
    'meetings',
    '2026-09-21 15:16:40.100',
    { ...meeting, ...held, calendarEventId: 'VjhtInventedEvt09' },
  ],
  '225 meeting_status_change': ['meetings', '2026-09-21 14:13:20.000', { ...meeting, ...held }],
  'sdk view meeting_status_change_target_push (bizType number)': [
    'meetings',
    '2026-09-21 14:43:20.050',
    {
      ...{ ...meeting, startedAt: '2026-09-21 14:13:20.000', endedAt: '2026-09-21 14:43:20.000' },
      ...{ durationMs: 1_800_000, invited: 2, attended: 2, closed: 1 },
    },
  ],

  'attendance_check_record (documented form)': ['attendance_records', '2026-09-21 13:13:21.000', clockIn],
  'attendance_check_record (legacy form, DataList)': ['attendance_records', '2026-09-21 13:13:20.000', clockIn],

  'hrm_mdm_user_change changeType 1 (onboarding)': hrChange('b', 'onboarded', LIN),
  'hrm_mdm_user_change changeType 2 (regularisation)': hrChange('c', 'regularised', LIN),
  'hrm_mdm_user_change changeType 3 (transfer)': hrChange('d', 'transferred', LIN),
  'hrm_mdm_user_change changeType 4 (dismissal)': hrChange('e', 'dismissed', ZHOU),

  'label_user_change add': [
    'user_roles',
    '2026-09-21 14:13:28.000',
    { userId: LIN, roleId: '2390000715', grantedAt: '2026-09-21 14:13:28.000', revokedAt: null },
  ],
  'label_user_change remove': [
    'user_roles',
    '2026-09-21 14:13:28.100',
    { userId: LIN, roleId: '2390000715', revokedAt: '2026-09-21 14:13:28.100' },
  ],
  'label_conf_modify (documented form; list items are JSON text)': ['roles', '2026-09-21 14:13:28.200', dutyManager],
  'label_conf_modify (captured form, capital keys)': ['roles', '2026-09-21 14:13:28.200', dutyManager],
  label_conf_del: ['roles', '2026-09-21 14:13:28.300', { roleId: '2390000715', removedAt: '2026-09-21 14:13:28.300' }],
  '15 org_role_remove': [
    'roles',
    '2026-09-21 14:13:28.300',
    { roleId: '2390000715', removedAt: '2026-09-21 14:13:28.300' },
  ],
}

/** The four differ by a millisecond, and by the last digit of their ids. */
function hrChange(digit: string, changeType: string, userId: string): (typeof ROWS)[string] {
  const at = `2026-09-21 14:13:20.50${'_bcde'.indexOf(digit)}`
  return ['hr_changes', at, { eventId: `005a000000000000000000000000002${digit}`, userId, changeType, happenedAt: at }]
}

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
