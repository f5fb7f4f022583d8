import { compileFunctionTarget } from '../../../../emulator/targets/functionTarget'
import type { DeliveryResult } from '../../../../emulator/targets/target'
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

describe('several events at once', () => {
  function compiled(...params: [key: string, value: string][]) {
    const payloads: string[] = []
    const target = compileFunctionTarget(
      'acs:fc:cn-hangzhou:123456789012:functions/f',
      [
        { ResourceKey: 'Body', ...path('$.data.number') },
        ...params.map(([ResourceKey, Value]) => ({ ResourceKey, Form: 'CONSTANT', Value })),
      ],
      {
        async invoke(_, payload) {
          payloads.push(payload)
          return { answer: '{"stored":1,"deadLettered":1}' }
        },
      },
    )
    return { ...target, payloads }
  }

  test('go in one ObjectList, each as its Body, and come to the same', async () => {
    const { list, payloads } = compiled(['DataFormat', 'ObjectList'])
    expect(await list?.deliver([eventText, '{"data":{}}', eventText])).toMatchObject({ isSetAside: true })
    expect(payloads).toEqual(['[12345678901234567890,"",12345678901234567890]'])
  })

  test.each<[string, [string, string][]]>([
    ['as Object', [['DataFormat', 'Object']]],
    [
      'in an asynchronous call',
      [
        ['DataFormat', 'ObjectList'],
        ['InvocationType', 'Async'],
      ],
    ],
  ])('never go %s', (_, params) => {
    expect(compiled(...params).list).toBeUndefined()
  })
})

/** What a function that is given an event says, and whether it has set it aside by that. */
test.each<[string, DeliveryResult, boolean]>([
  ['nothing', {}, false],
  ['that it stored it', { answer: '{"received":1,"stored":1,"ignored":0,"deadLettered":0}' }, false],
  ['that it ignored it', { answer: '{"received":1,"stored":0,"ignored":1,"deadLettered":0}' }, false],
  ['that it could not use it', { answer: '{"received":1,"stored":0,"ignored":0,"deadLettered":1}' }, true],
  ['that it could not use some of a list', { answer: '{"stored":2,"deadLettered":1}' }, true],
  ['so at great length', { answer: JSON.stringify({ text: 'x'.repeat(5_000), deadLettered: 1 }) }, true],
  ['so in words', { answer: '{"deadLettered":"yes"}' }, false],
  ['so in a list', { answer: '[{"deadLettered":1}]' }, false],
  ['so in a text', { answer: '"deadLettered"' }, false],
  ['so in no JSON', { answer: '{"deadLettered":1' }, false],
  ['so, and fails', { error: 'HandledInvocationError', answer: '{"deadLettered":1}' }, false],
])('a function says %s', async (_, result, isSetAside) => {
  const { deliver } = compileFunctionTarget(
    'acs:fc:cn-hangzhou:123456789012:functions/f',
    [{ ResourceKey: 'Body', ...ORIGINAL }],
    { invoke: async () => result },
  )
  expect(await deliver(eventText)).toEqual(isSetAside ? { ...result, isSetAside } : result)
})
