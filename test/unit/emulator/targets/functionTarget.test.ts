import { compileFunctionTarget } from '../../../../emulator/targets/functionTarget'
import type { TargetParam } from '../../../../emulator/transform/compileTransform'

const eventText =
  '{ "id": "e-1", "data": {"name":"a \\"b\\"", "number": 12345678901234567890, "null": null, "list": [1]} }'

const ORIGINAL = { Form: 'ORIGINAL' }
const path = (Value: string) => ({ Form: 'JSONPATH', Value })
const template = (Value: string, Template: string) => ({ Form: 'TEMPLATE', Value, Template })

async function invocationOf(body: Omit<TargetParam, 'ResourceKey'>, ...params: [key: string, value: string][]) {
  const calls: unknown[] = []
  const { deliver } = compileFunctionTarget(
    'acs:fc:cn-hangzhou:123456789012:functions/f',
    [
      { ResourceKey: 'Body', ...body },
      ...params.map(([ResourceKey, Value]) => ({ ResourceKey, Form: 'CONSTANT', Value })),
    ],
    {
      async invoke(...call) {
        calls.push(call)
        return { answer: 'done' }
      },
    },
  )
  expect(await deliver(eventText)).toEqual({ answer: 'done' })
  return calls
}

test.each<[string, [string, string][], boolean]>([
  ['nothing said', [], false],
  ['Sync', [['InvocationType', 'Sync']], false],
  ['Async', [['InvocationType', 'Async']], true],
])('%s', async (_, params, async) => {
  expect(await invocationOf(ORIGINAL, ...params)).toEqual([['f', eventText, { async }]])
})

test.each<[string, Omit<TargetParam, 'ResourceKey'>, object: string, list: string]>([
  ['ORIGINAL', ORIGINAL, eventText, `[${eventText}]`],
  ['JSONPATH, a text', path('$.id'), 'e-1', '["e-1"]'],
  ['JSONPATH, a text with quotes', path('$.data.name'), 'a "b"', '["a \\"b\\""]'],
  ['JSONPATH, a number beyond 2^53', path('$.data.number'), '12345678901234567890', '[12345678901234567890]'],
  ['JSONPATH, null', path('$.data.null'), 'null', '[null]'],
  ['JSONPATH, missing', path('$.data.missing'), '', '[""]'],
  ['JSONPATH, a list', path('$.data.list'), '[1]', '[[1]]'],
  ['CONSTANT', { Form: 'CONSTANT', Value: 'text' }, 'text', '["text"]'],
  ['TEMPLATE', template('{"id":"$.id"}', '{"id":"${id}"}'), '{"id":"e-1"}', '[{"id":"e-1"}]'],
  [
    'TEMPLATE, missing and null',
    template('{"a":"$.data.missing","b":"$.data.null"}', '${a} ${b}'),
    '${a} null',
    '["${a} null"]',
  ],
])('%s as Object and as ObjectList', async (_, body, object, list) => {
  expect(await invocationOf(body, ['DataFormat', 'Object'])).toEqual([['f', object, { async: false }]])
  expect(await invocationOf(body, ['DataFormat', 'ObjectList'])).toEqual([['f', list, { async: false }]])
})
