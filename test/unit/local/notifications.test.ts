import fs from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { compilePattern, readEventBridgeFiles } from '../../../emulator'
import { signedUrl } from '../../../emulator/targets/dingtalkTarget'
import { compileTransform } from '../../../emulator/transform/compileTransform'
import { createRobot, robotVariables } from '../../../local/dingtalk/robot'
import { ruleSlips } from '../../../local/stack/ruleSlips'
import { SNAPSHOT } from '../../../shared/dingtalk/directory/events'
import { HTTP_EVENT } from '../../../shared/eventbridge/cloudEvent'

const text = fs.readFileSync(path.join(__dirname, '../../../eventbridge.yaml'), 'utf8')
const variables = robotVariables('http://127.0.0.1:1')
const place = { region: 'cn-hangzhou', accountId: '123456789012' }
const connections = { invoke: async () => ({}) }
const read = (yaml: string) =>
  readEventBridgeFiles(yaml, 'eventbridge.yaml', connections, { ...place, variables })[0].rules
const isOfRobot = ({ targets }: ReturnType<typeof read>[number]) => targets.some(({ Type }) => Type === 'acs.dingtalk')
const rules = read(text).filter(isOfRobot)

const event = (body: object, type = HTTP_EVENT, id = 'e1') => ({ id, source: 'my.dingtalk', type, data: { body } })

/** What the robot would be sent of an event, by rule. */
function messagesOf(given: ReturnType<typeof event>, by = rules): Record<string, string> {
  const taking = by.filter(({ filterPattern }) => compilePattern(JSON.parse(filterPattern)).matches(given))
  return Object.fromEntries(
    taking.flatMap(({ name, targets }) =>
      targets.flatMap(({ ParamList }) =>
        ParamList.filter(({ ResourceKey }) => ResourceKey === 'Body').map((body) => [
          name,
          compileTransform(body)(JSON.stringify(given)),
        ]),
      ),
    ),
  )
}

/** Of each message what the group sees. */
function said(given: ReturnType<typeof event>): Record<string, string> {
  const messages = Object.entries(messagesOf(given))
  return Object.fromEntries(messages.map(([name, message]) => [name, JSON.parse(message).text.content]))
}

test.each(rules.map((rule) => [rule.name, rule] as const))(
  '%s takes no event that lacks a field of its message: a template would have the variable in it',
  (_, { targets, filterPattern }) => {
    const fields = targets.flatMap(({ ParamList }) =>
      ParamList.flatMap(({ Value = '' }) => [...Value.matchAll(/\$\.data\.body\.(\w+)/g)].map(([, field]) => field)),
    )
    const { body = {} } = JSON.parse(filterPattern).data
    expect(fields.filter((field) => field !== undefined && !Object.hasOwn(body, field))).toEqual([])
  },
)

test('all are shipped disabled, without variables none is there, and enabled nothing is odd about them', () => {
  expect(rules.map(({ name, enabled }) => [name, enabled])).toEqual(
    [
      ...['welcome', 'welcome-connector', 'farewell', 'farewell-connector', 'approval-agreed', 'approval-refused'],
      ...['room-booked', 'room-released', 'room-booking-changed'],
    ].map((name) => [name, false]),
  )
  expect(readEventBridgeFiles(text, 'eventbridge.yaml', connections, place)[0].rules.filter(isOfRobot)).toEqual([])
  const enabled = read(text.replaceAll('Status: DISABLE', 'Status: ENABLE'))
  expect(ruleSlips(enabled, { source: 'my.dingtalk', busName: 'dingtalk', sources: ['my.dingtalk'] })).toEqual([])
})

const user = { CorpId: 'ding1', userId: ['0147'] }
const approval = {
  ...{ EventType: 'bpms_instance_change', processInstanceId: 'i1', businessId: '202609211253000000439' },
  ...{ title: '林晓满提交的用印申请', staffId: '0147', corpId: 'ding1' },
}
const room = { EventType: 'meetingroom_book', bookId: 'bk1', title: '季度复盘', userName: '林晓满', corpId: 'ding1' }
const times = { startTime: '2026-09-22 15:00:00', endTime: '2026-09-22 17:30:00' }
const WELCOME = '有新同事加入，欢迎！'
const FAREWELL = '有同事离职，感谢一路同行。'
const RELEASED = '会议室预订已取消或被拒绝，预订 bk1。'

test.each<[string, object, Record<string, string>, type?: string]>([
  ['a native addition', { ...user, EventType: 'user_add_org' }, { welcome: WELCOME }],
  ['a connector’s', { syncAction: 'user_add_org', userId: 'u', name: '林晓满' }, { 'welcome-connector': WELCOME }],
  ['a native leave', { ...user, EventType: 'user_leave_org' }, { farewell: FAREWELL }],
  ['a connector’s leave', { syncAction: 'user_leave_org', userId: 'u' }, { 'farewell-connector': FAREWELL }],
  ['a leave that a walk found', { syncAction: 'user_leave_org', userId: 'u', CorpId: 'c', EventTime: 1 }, {}],
  ['whom a walk read', { syncAction: 'user_snapshot', userId: 'u', name: '林晓满' }, {}, SNAPSHOT],
  ['whom enrich read', { syncAction: 'user_snapshot', name: '林晓满', askedFor: 'user_add_org' }, {}, SNAPSHOT],
  ['a change', { ...user, EventType: 'user_modify_org' }, {}],
  ['an approval that begins', { ...approval, type: 'start' }, {}],
  [
    'one that is agreed to',
    { ...approval, type: 'finish', result: 'agree' },
    { 'approval-agreed': '审批已通过，编号 202609211253000000439。' },
  ],
  [
    'one that is refused',
    { ...approval, type: 'finish', result: 'refuse' },
    { 'approval-refused': '审批已拒绝，编号 202609211253000000439。' },
  ],
  ['one that is withdrawn', { ...approval, type: 'terminate' }, {}],
  ['one that is deleted', { ...approval, type: 'delete' }, {}],
  ['a task of it', { ...approval, EventType: 'bpms_task_change', type: 'finish', result: 'agree' }, {}],
  ['a room that waits for approval', { ...room, ...times, eventSubType: 'appvaral' }, {}],
  [
    'a room that is booked',
    { ...room, ...times, eventSubType: 'bookSuccess' },
    { 'room-booked': '会议室已预订：2026-09-22 15:00:00 至 2026-09-22 17:30:00。' },
  ],
  ['a booking that is cancelled', { ...room, eventSubType: 'bookCancel' }, { 'room-released': RELEASED }],
  ['a booking that is refused', { ...room, eventSubType: 'bookRefuse' }, { 'room-released': RELEASED }],
  [
    'a booking that is updated',
    { ...room, eventSubType: 'bookUpdate' },
    { 'room-booking-changed': '会议有变更，会议室预订 bk1。' },
  ],
  ['other people in it', { ...room, eventSubType: 'bookMemberChange' }, {}],
])('%s', (_, body, messages, type = HTTP_EVENT) => {
  expect(said(event(body, type))).toEqual(messages)
})

test('none says what a person has typed', () => {
  const typed = { name: 'TYPED', title: 'TYPED', userName: 'TYPED', roomName: 'TYPED', remark: 'TYPED' }
  const bodies = [
    { ...user, EventType: 'user_add_org', ...typed },
    { syncAction: 'user_add_org', userId: 'u', ...typed },
    { ...approval, type: 'finish', result: 'agree', ...typed },
    { ...room, ...times, eventSubType: 'bookSuccess', ...typed },
    { ...room, eventSubType: 'bookUpdate', ...typed },
  ]
  for (const body of bodies) {
    const messages = Object.values(messagesOf(event(body)))
    expect(messages).toHaveLength(1)
    expect(messages.join()).not.toContain('TYPED')
  }
})

describe('with the name, as the comment in the file has it', () => {
  const [welcome] = rules
  const named = {
    ResourceKey: 'Body',
    Form: 'TEMPLATE',
    Value: /Value '(\{"id":"\$\.id","name":"[^']+\})'/.exec(text)?.[1] ?? '',
    Template:
      welcome?.targets[0]?.ParamList.find(({ Template }) => Template)?.Template?.replace('有新同事', '${name} ') ?? '',
  }
  const pattern = { data: { body: { askedFor: ['user_add_org'], name: [{ exists: true }] } } }
  const snapshot = { syncAction: 'user_snapshot', askedFor: 'user_add_org', name: '林晓满' }
  const messageFor = (name: string) => compileTransform(named)(JSON.stringify(event({ name })))
  const parsed = (message: string) => {
    try {
      return JSON.parse(message)
    } catch {
      return 'no JSON'
    }
  }

  test('of a native event the snapshot that enrich has asked for it has one; a walk’s, and one without a name, count not', () => {
    expect(text).toContain('askedFor: [user_add_org], name: [{ exists: true }]')
    const { matches } = compilePattern(pattern)
    expect(matches(event(snapshot, SNAPSHOT))).toBe(true)
    expect(matches(event({ ...snapshot, askedFor: undefined }, SNAPSHOT))).toBe(false)
    expect(matches(event({ ...snapshot, askedFor: 'user_modify_org' }, SNAPSHOT))).toBe(false)
    expect(matches(event({ ...snapshot, name: undefined, errcode: 50_002 }, SNAPSHOT))).toBe(false)
  })

  test.each<[string, name: string, content: string]>([
    ['a name', '林晓满', '林晓满 加入，欢迎！'],
    ['a link in Markdown', '[点我](http://evil.example)', '[点我](http://evil.example) 加入，欢迎！'],
    ['bold, a heading and a list', '# **x** - y', '# **x** - y 加入，欢迎！'],
    ['everybody', '@所有人', '@所有人 加入，欢迎！'],
    ['a variable', '${id}', '${id} 加入，欢迎！'],
    ['an escape', 'a\\u0022b', 'a"b 加入，欢迎！'],
    ['other content', '"},"text":{"content":"forged', 'forged 加入，欢迎！'],
  ])('%s is a text, in which no Markdown counts', (_, name, content) => {
    expect(parsed(messageFor(name))).toMatchObject({ msgtype: 'text', text: { content }, at: { isAtAll: false } })
  })

  test.each([
    ['a quote', 'a"b'],
    ['a backslash at its end', 'a\\'],
    ['a line break', 'a\nb'],
    ['a tab', 'a\tb'],
    ['the end of the message', '"},"msgtype":"text"} //'],
  ])('%s breaks the message, as it does in the service: the robot refuses it', (_, name) => {
    const signed = signedUrl(new URL(variables.DINGTALK_ROBOT_URL), variables.DINGTALK_ROBOT_SECRET, 0)
    const robot = createRobot({ now: () => 0 })
    expect(parsed(messageFor(name))).toBe('no JSON')
    expect(robot.take(signed.searchParams, 'application/json', messageFor(name)).errcode).toBe(40_035)
  })

  test.each([
    ['everybody', '"},"at":{"isAtAll":true},"x":{"y":"'],
    ['somebody', '"},"at":{"atUserIds":["boss"]},"x":{"y":"'],
    ['another type', '"},"msgtype":"markdown","markdown":{"title":"t","text":"[x](http://evil.example)'],
  ])('a name that would call %s calls nobody: what comes last counts', (_, name) => {
    expect(parsed(messageFor(name))).toMatchObject({ msgtype: 'text', at: { isAtAll: false } })
    expect(parsed(messageFor(name)).at).toEqual({ isAtAll: false })
  })

  test('whatever the name: a text that calls nobody, or no message', () => {
    const pieces = fc.constantFrom(
      '"',
      '}',
      '{',
      ',',
      ':',
      '\\',
      '"at"',
      '"isAtAll":true',
      '"msgtype"',
      '"markdown"',
      'x',
      '[',
      ']',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const message = parsed(messageFor(parts.join('')))
        if (message === 'no JSON') return
        expect([message.msgtype, message.at]).toEqual(['text', { isAtAll: false }])
      }),
      { numRuns: 2_000 },
    )
  })
})
