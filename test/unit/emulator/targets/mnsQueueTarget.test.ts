import { compileMnsQueueTarget, queueOfEndpoint } from '../../../../emulator/targets/mnsQueueTarget'

const body = { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data' }
const encode = (Value: string) => ({ ResourceKey: 'IsBase64Encode', Form: 'CONSTANT', Value })
const endpoint = 'acs:mns:cn-hangzhou:123456789012:queues/q'
const sent: [string, string][] = []
const connections = {
  invoke: async () => ({}),
  enqueue: async (queue: string, message: string) => void sent.push([queue, message]),
}
const compile = (params: object[], at = endpoint) =>
  compileMnsQueueTarget(at, params as Parameters<typeof compileMnsQueueTarget>[1], connections)

beforeEach(() => {
  sent.length = 0
})

test.each<[string, object[], string]>([
  ['as it is', [body], '小明'],
  ['as it is, said', [body, encode('false')], '小明'],
  ['in Base64', [body, encode('true')], Buffer.from('小明').toString('base64')],
])('the message %s', async (_, params, message) => {
  expect(await compile(params).deliver('{"data":"小明"}')).toEqual({})
  expect(sent).toEqual([['q', message]])
})

test.each([
  [65_536, 1],
  [65_537, 0],
])('a message of %d bytes', async (bytes, count) => {
  const original = [{ ResourceKey: 'Body', Form: 'ORIGINAL' }]
  const { error } = await compile(original).deliver('x'.repeat(bytes))
  expect([sent.length, error === undefined]).toEqual([count, count === 1])
})

test.each<[string, string | undefined]>([
  [endpoint, 'q'],
  ['acs:mns:cn-hangzhou:123456789012:/queues/my-queue', 'my-queue'],
  ['acs:mns:cn-hangzhou:123456789012:/queues/q/messages', 'q'],
  ['acs:mns:cn-hangzhou:123456789012:/topics/t', undefined],
  ['acs:mns:cn-hangzhou:123456789012:queues/a_b', undefined],
  ['acs:mns:cn-hangzhou:123456789012:queues/', undefined],
])('the queue of %s is %s', (text, queue) => {
  expect(queueOfEndpoint(text)).toBe(queue)
})

test.each<[string, () => unknown, string]>([
  ['no queue', () => compile([body], 'acs:mns:r:1:/topics/t'), 'Endpoint: must be acs:mns:'],
  ['another queue', () => compile([body, { ResourceKey: 'queue', Form: 'CONSTANT', Value: 'b' }]), 'Endpoint has q'],
  ['no body', () => compile([]), 'Body is missing'],
  ['another word', () => compile([body, encode('yes')]), 'IsBase64Encode: must be true or false'],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(message)
})
