import { createForwarder } from '../../../../cli/listen/forward'
import type { Frame } from '../../../../cli/listen/frame'
import { hashUserId } from '../../../../shared/logUsers'
import { UserError } from '../../../../shared/userError'

const KEY = 'a-key-of-more-than-16'
const frame = (data: unknown, eventType = 'user_add_org'): Frame => ({
  type: 'EVENT',
  topic: '*',
  messageId: 'm',
  headers: { eventType, eventId: 'e' },
  data: JSON.stringify(data),
})
const person = frame({ userId: ['0042'], name: '林晓满' })

type Send = Parameters<typeof createForwarder>[0]['send']
const success: Send = async () => ({ status: 200, reply: 'success' })

async function forward(
  given: Frame,
  { send = success, hashKey, record }: Partial<Parameters<typeof createForwarder>[0]>,
) {
  const told: string[] = []
  const isTaken = await createForwarder({ send, record, hashKey, tell: (line) => told.push(line) })(given)
  expect(told.join('\n')).not.toMatch(/0042|林晓满/)
  return { isTaken, told }
}

test.each<[string, Send, string]>([
  ['takes it', success, '200'],
  [
    'answers 200 with anything else',
    async () => ({ status: 200 }),
    '200 with a reply that DingTalk would not take; DingTalk sends it again',
  ],
  ['refuses it', async () => ({ status: 403 }), '403; DingTalk sends it again'],
  ['cannot publish it', async () => ({ status: 503 }), '503; DingTalk sends it again'],
  ['does not answer', async () => ({}), 'the webhook does not answer; DingTalk sends it again'],
  [
    'is gone',
    async () => Promise.reject(new UserError('No local stack is running')),
    'No local stack is running; DingTalk sends it again',
  ],
])('a webhook that %s', async (_, send, words) => {
  const { isTaken, told } = await forward(person, { send })
  expect(told).toEqual([`user_add_org  1 person  ${words}`])
  expect(isTaken).toBe(words === '200')
})

test('a fault is told by its place alone', async () => {
  const { isTaken, told } = await forward(person, { send: async () => Promise.reject(new TypeError('林晓满')) })
  expect(isTaken).toBe(false)
  expect(told).toEqual([expect.stringMatching(/^user_add_org {2}1 person {2}TypeError.*; DingTalk sends it again$/)])
})

test.each<[string, Frame, string]>([
  ['several', frame({ userId: ['1', '2', '3'] }, 'user_leave_org'), 'user_leave_org  3 people  200'],
  ['nobody', frame({ deptId: [1] }, 'org_dept_create'), 'org_dept_create  200'],
  [
    'whom an event in camel case names',
    frame({ userIds: [1] }, 'attend_bossCheck_change'),
    'attend_bossCheck_change  200',
  ],
  ['a name that is none', frame({ userId: ['1'] }, '林晓满'), '(no event name)  1 person  200'],
  ['a line of its own in the name', frame({}, 'user_add_org\nuser_add_org'), '(no event name)  200'],
])('an event about %s', async (_, given, line) => {
  expect((await forward(given, {})).told).toEqual([line])
})

test('with LOG_HASH_KEY it is told about whom', async () => {
  const { told } = await forward(person, { hashKey: KEY })
  expect(told).toEqual([`user_add_org  ${hashUserId('0042', KEY)}  200`])
})

test('what is kept is what is sent; that it cannot be kept keeps no event back', async () => {
  const kept: string[] = []
  const sent: string[] = []
  const send: Send = (json) => {
    sent.push(json)
    return success(json)
  }
  await forward(person, { send, record: (json) => kept.push(json) })
  expect(kept).toEqual(sent)
  expect(JSON.parse(sent[0] ?? '')).toEqual({
    EventType: 'user_add_org',
    eventId: 'e',
    userId: ['0042'],
    name: '林晓满',
  })

  const record = () => {
    throw new Error('ENOSPC 林晓满')
  }
  const { isTaken, told } = await forward(person, { record })
  expect(isTaken).toBe(true)
  expect(told).toEqual([expect.stringMatching(/^an event could not be recorded: /), 'user_add_org  1 person  200'])
})
