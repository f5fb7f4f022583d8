import fc from 'fast-check'
import { answerTo, nativeForm, readFrame } from '../../../../cli/listen/frame'

const headers = {
  topic: '*',
  messageId: 'm1',
  contentType: 'application/json',
  time: '1790000000086',
  eventType: 'user_add_org',
  eventId: 'e1',
  eventCorpId: 'dinga1b2c3d4e5f60718',
  eventBornTime: '1790000000000',
  eventUnifiedAppId: '7c0e5b9a-3f21-4d6e-9a77-2b1c0d9e8f01',
}
const frame = (data: unknown, changed: Record<string, unknown> = {}) =>
  readFrame(
    JSON.stringify({ specVersion: '1.0', type: 'EVENT', headers: { ...headers, ...changed }, data }).replace(
      '"DIGITS"',
      '176292748870660512',
    ),
  )
const HEAD =
  '"EventType":"user_add_org","EventTime":1790000000000,"BizId":"1790000000000","CorpId":"dinga1b2c3d4e5f60718","eventId":"e1"'

test.each<[string, unknown, Record<string, unknown>, string]>([
  ['ids', '{"timeStamp":"1","userId":["0042"]}', {}, `{${HEAD},"timeStamp":"1","userId":["0042"]}`],
  ['an object in place of text', { userId: ['0042'] }, {}, `{${HEAD},"userId":["0042"]}`],
  ['capital names, which stay', '{"UserId":["0042"]}', {}, `{${HEAD},"UserId":["0042"]}`],
  ['more digits than a number has', '{"deptId":[176292748870660512]}', {}, `{${HEAD},"deptId":[176292748870660512]}`],
  ['an object with more digits', { deptId: ['DIGITS'] }, {}, `{${HEAD},"deptId":[176292748870660512]}`],
  ['an event id of its own', '{"eventId":"other","deptIds":[1]}', {}, `{${HEAD},"deptIds":[1]}`],
  ['a type of its own', '{"EventType":"check_url","CorpId":"x"}', {}, `{${HEAD}}`],
  ['nothing', '{}', {}, `{${HEAD}}`],
  ['no data', undefined, {}, `{${HEAD}}`],
  ['a list', '[1]', {}, `{${HEAD},"data":[1]}`],
  ['no JSON', 'x{', {}, `{${HEAD},"data":"x{"}`],
  ['numbers for texts', '{}', { eventBornTime: 1790000000000 }, `{${HEAD}}`],
])('an event with %s is a callback', (_, data, changed, json) => {
  const read = frame(data, changed)
  expect(read && nativeForm(read)).toBe(json)
})

test.each([['soon'], [''], [null], [{}], ['-1'], ['1e9']])('a time that is %j is none', (eventBornTime) => {
  const read = frame('{}', { eventBornTime })
  expect(read && JSON.parse(nativeForm(read))).toEqual({
    EventType: 'user_add_org',
    CorpId: headers.eventCorpId,
    eventId: 'e1',
  })
})

test('nested deeper than the webhook takes it is one field', () => {
  const read = frame('['.repeat(50_000) + ']'.repeat(50_000))
  expect(read && JSON.parse(nativeForm(read))).toMatchObject({
    eventId: 'e1',
    data: expect.stringMatching(/^\[{50000}/),
  })
})

test.each([[''], ['null'], ['[]'], ['"x"'], ['{"type":'], ['{}'], ['\0']])('%j is no frame', (text) => {
  expect(readFrame(text)).toBeUndefined()
})

test('whatever comes, what is made of it is JSON', () => {
  const value = fc.oneof(fc.jsonValue(), fc.json(), fc.string())
  const frames = fc.record(
    {
      type: fc.oneof(fc.constant('EVENT'), value),
      headers: fc.oneof(fc.dictionary(fc.string(), value), value),
      data: value,
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        frames.map((frame) => JSON.stringify(frame)),
      ),
      (text) => {
        const read = readFrame(text)
        if (read === undefined) return
        expect(JSON.parse(nativeForm(read))).toEqual(expect.any(Object))
        expect(JSON.parse(answerTo(read, read.data))).toMatchObject({ code: 200, data: read.data })
      },
    ),
  )
})
