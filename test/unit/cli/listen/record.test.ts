import fc from 'fast-check'
import { isEventName, nativeForm, readFrame } from '../../../../cli/listen/frame'
import { createInventor } from '../../../../cli/listen/record'
import { parseJson } from '../../../../shared/json'
import { events } from '../../../fixtures/dingtalkEvents.json'

const invent = (...given: unknown[]) => {
  const through = createInventor()
  return given.map((event) => JSON.parse(through(typeof event === 'string' ? event : JSON.stringify(event))))
}

test('whatever an event holds, nothing of it is left', () => {
  const letter = fc.oneof(
    fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
    fc.constantFrom(...'0123456789'),
    fc.integer({ min: 0x4e00, max: 0x9fa5 }).map((code) => String.fromCharCode(code)),
    fc.constantFrom(...' .@+/{}"\',:|_-'),
  )
  const secret = fc.string({ unit: letter, minLength: 4, maxLength: 24 }).filter((text) => /[\p{L}\d]{4}/u.test(text))
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      secret,
      fc.integer({ min: 10_000 }),
      fc.boolean(),
      fc.array(tie('any')),
      fc.dictionary(fc.oneof(secret, fc.constantFrom('userId', 'name', 'action', 'errmsg', 'timeStamp')), tie('any')),
      tie('any').map((inner) => JSON.stringify(inner)),
    ),
  })).any
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('userId', 'name', 'diffInfo', 'action', 'EventType', 'x'), value),
      (event) => {
        const [made] = invent(event)
        const text = JSON.stringify(made)
        const { EventType, ...rest } = event
        // what happened is kept
        const said = typeof EventType === 'string' && isEventName(EventType.trim()) ? rest : event
        const left = wordsOf(said).filter((word) => text.includes(word))
        expect(left).toEqual([])
      },
    ),
  )
})

/** Runs of letters or digits of some length, wherever they are. */
function wordsOf(event: unknown): string[] {
  const words = JSON.stringify(event).match(/[\p{L}\d]{5,}/gu) ?? []
  const names = new Set(['userId', 'diffInfo', 'action', 'EventType', 'errmsg', 'timeStamp', 'false'])
  return words.filter((word) => !names.has(word) && !/^(n?true|0+\d{0,4})$/.test(word))
}

test('the same person is the same in every event, and another is another', () => {
  const [hired, moved, other] = invent(
    { EventType: 'user_add_org', userId: ['0042'] },
    {
      EventType: 'user_modify_org',
      diffInfo: [{ userid: '0042', curr: { name: '林晓满' } }],
      userId: ['0042', ' 0042 '],
    },
    { EventType: 'user_add_org', userId: ['0043'] },
  )
  const [id] = hired.userId
  expect(id).toMatch(/^0\d{3}$/)
  expect(moved).toMatchObject({ diffInfo: [{ userid: id }], userId: [id, id] })
  expect(other.userId).not.toEqual([id])
})

test('an id is the same one as a number and as text', () => {
  const [made] = invent('{"deptId":[432825033,1],"orderInDepts":"{432825033:176292748870660512,1:0}"}')
  expect(made.deptId[1]).toBe(1)
  expect(made.orderInDepts).toMatch(new RegExp(`^\\{${made.deptId[0]}:9\\d{17},1:0\\}$`))
})

test('times are moved, all by as much', () => {
  const [first, second] = invent(
    { EventTime: 1_790_000_000_000, BizId: '1790000000000', timeStamp: '1789999999650', hiredDate: '2018-03-04' },
    { EventTime: 1_790_000_007_000, BizId: '1790000007000', TimeStamp: 'yesterday' },
  )
  expect(first).toEqual({
    EventTime: 1_767_225_600_000,
    BizId: '1767225600000',
    timeStamp: '1767225599650',
    hiredDate: '2020-01-01',
  })
  expect(second).toEqual({
    EventTime: 1_767_225_607_000,
    BizId: '1767225607000',
    TimeStamp: expect.stringMatching(/^invented-/),
  })
})

test('what became of an approval and of a booking stays, and how long it took', () => {
  const [start, finish, booked] = invent(
    { EventType: 'bpms_instance_change', type: 'start', createTime: 1_790_000_100_000, staffId: '0042' },
    {
      ...{ EventType: 'bpms_instance_change', type: 'finish', result: 'agree', staffId: '0042', title: '林晓满的申请' },
      ...{ createTime: 1_790_000_100_000, finishTime: 1_790_005_500_900 },
    },
    {
      ...{ EventType: 'meetingroom_book', eventSubType: 'bookSuccess', roomName: '报告厅' },
      ...{ startTime: '2026-09-22 15:00:00', endTime: '2026-09-22 17:30:00', bookTime: '2026-02-31 25:00:00' },
    },
  )
  expect(start).toMatchObject({ type: 'start', createTime: Date.parse('2026-01-01T00:00:00Z') })
  expect(finish).toMatchObject({ type: 'finish', result: 'agree', staffId: start.staffId })
  expect(finish.finishTime - finish.createTime).toBe(5_400_900)
  // the first was at 22:15 in China
  expect(booked).toMatchObject({
    ...{ eventSubType: 'bookSuccess', startTime: '2026-01-02 00:45:00', endTime: '2026-01-02 03:15:00' },
    bookTime: expect.not.stringContaining('2026'),
  })
  const [other] = invent({ EventType: 'x', type: '林', result: 'secret' })
  expect(JSON.stringify(other)).not.toMatch(/林|secret/)
})

test('two recordings have no event id in common', () => {
  const event = { eventId: 'c7c7120f2c074190ebdba0318c800000' }
  const [[one], [two]] = [invent(event), invent(event)]
  expect(one.eventId).toMatch(/^[\da-f]{32}$/)
  expect(one.eventId).not.toBe(two.eventId)
})

/** What an event says in its values, taken apart to the runs of letters and digits: JSON in text, ids in a row, maps. */
function valuesIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(valuesIn)
  const inner = typeof value === 'string' && /^[[{]/.test(value) ? parseJson(value) : undefined
  if (inner !== undefined) return valuesIn(inner)
  // of two characters the invented ones are sometimes the same
  return String(value).match(/[\p{L}\d]{3,}|\p{Script=Han}+/gu) ?? []
}

/** What says what happened, yes or no; 2026 is the year that all is moved to. */
const KEPT =
  /^(2026|true|false|null|add|remove|modify|created|updated|cancelled|start|finish|terminate|delete|cancel|agree|refuse|redirect|appvaral|book[A-Z]\w+|update|del|INIT|SUCCESS|APPROVALING|conference|closed|user|join|leave|MAP|Normal)$/

describe('of what DingTalk sends', () => {
  // Stream brings no SyncHTTP
  const streamed = events.filter(({ form }) => form !== 'synchttp')
  const callbacks = streamed.map(({ name, form, event }): [string, Record<string, unknown>] => {
    const { data, eventType: EventType, ...rest } = event as Record<string, unknown>
    const isFrame = form === 'stream' && 'type' in event
    const frame = isFrame ? readFrame(JSON.stringify(event)) : undefined
    if (frame) return [name, JSON.parse(nativeForm(frame))]
    return [name, form === 'stream' ? { EventType, ...rest, data } : event]
  })

  test.each(callbacks)('%s keeps no value, but what happened', (_, callback) => {
    const { EventType, ...made } = invent(callback)[0] as Record<string, unknown>
    expect(EventType).toBe(callback['EventType'])
    const values = new Set(valuesIn(made))
    const { EventType: __, ...fields } = callback
    expect(valuesIn(fields).filter((word) => values.has(word) && !KEPT.test(word))).toEqual([])
  })
})
