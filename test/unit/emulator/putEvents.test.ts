import { parse } from 'lossless-json'
import { defaultLimits } from '../../../emulator/api/limits'
import { putEvents } from '../../../emulator/api/putEvents'
import type { AcceptedEvent } from '../../../emulator/store/records'

jest.mock('lossless-json', () => {
  const actual = jest.requireActual<typeof import('lossless-json')>('lossless-json')
  return { ...actual, parse: jest.fn(actual.parse) }
})

const accepted: AcceptedEvent[] = []

beforeEach(() => {
  accepted.length = 0
  jest.mocked(parse).mockClear()
})

/** What PutEvents answers to this body of a batch, on a bus `b` without rules. */
function put(body: string) {
  const context = {
    resources: { compiled: new Map([['b', { name: 'b', rules: [] }]]) },
    store: { accept: async (events: readonly AcceptedEvent[]) => void accepted.push(...events) },
    clock: { now: () => 0 },
    ...{ limits: defaultLimits, accountId: 'account', region: 'region', wake() {} },
  }
  const headers = { 'content-type': 'application/cloudevents-batch+json' }
  return putEvents(headers, Buffer.from(body), context as unknown as Parameters<typeof putEvents>[2])
}

const event = (id: string, more = '') =>
  `{"specversion":"1.0","id":"${id}","source":"s","type":"t","aliyuneventbusname":"b"${more}}`

test('a batch is parsed once, however many events it has, and numbers keep their digits', async () => {
  const answer = await put(`[${event('a', ',"data":[1.0,12345678901234567890]')},${event('b')}]`)
  expect(answer.FailedEntryCount).toBe(0)
  expect(accepted[0]?.json).toContain('"data":[1.0,12345678901234567890]')
  expect(parse).toHaveBeenCalledTimes(1)
})

test('what is nested too deep is refused, under a key that comes twice as well', async () => {
  const deep = `${'['.repeat(600)}${']'.repeat(600)}`
  for (const data of [deep, `{"a":${deep},"a":1}`]) {
    await expect(put(`[${event('a', `,"data":${data}`)}]`)).rejects.toMatchObject({ code: 'JsonAttributeInvalid' })
  }
  expect(accepted).toEqual([])
})

test('what the service adds goes over what a client sent under its names', async () => {
  await put(`[${event('a', ',"aliyunpublishtime":"2020-01-01T00:00:00Z","aliyunregionid":1')}]`)
  expect(JSON.parse(accepted[0]?.json ?? '')).toMatchObject({
    aliyunaccountid: 'account',
    aliyunregionid: 'region',
    aliyunpublishtime: '1970-01-01T00:00:00.000Z',
  })
})

test.each([
  ['null', '', 'EventInvalid'],
  ['5', '', 'EventInvalid'],
  ['"e"', '', 'EventInvalid'],
  ['[]', '', 'EventInvalid'],
  ['{}', '', 'EventSpecversionInvalid'],
  ['{"specversion":"1.0","id":7}', '7', 'EventIdEmpty'],
  ['{"specversion":"1.0","id":null}', '', 'EventIdEmpty'],
  [event('a_b'), 'a_b', 'EventInvalid'],
  [event('a').replace('"b"', '"c"'), 'a', 'EventBusNotExist'],
  [event('a').replace('"b"', '1'), 'a', 'EventBusEmpty'],
])('%s is refused by itself, under its id', async (given, id, code) => {
  const { EntryList } = await put(`[${given}]`)
  expect(EntryList).toEqual([
    { EventId: id, TraceId: expect.any(String), ErrorCode: code, ErrorMessage: expect.any(String) },
  ])
  expect(accepted).toEqual([])
})
