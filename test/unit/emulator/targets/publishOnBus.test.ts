import { publishOnBus } from '../../../../emulator/targets/eventBusTarget'

const event = (fields: object) => JSON.stringify({ id: 'e', aliyuneventbusname: 'a', ...fields })

test.each<[string, eventText: string, published: unknown]>([
  ['from its first bus', event({}), { id: 'e', aliyuneventbusname: 'b', emulatorbuses: 'a' }],
  ['from its third', event({ emulatorbuses: 'x,y' }), { id: 'e', aliyuneventbusname: 'b', emulatorbuses: 'x,y,a' }],
  [
    'from a bus whose name holds the other',
    event({ aliyuneventbusname: 'b-2' }),
    { id: 'e', aliyuneventbusname: 'b', emulatorbuses: 'b-2' },
  ],
  ['to the bus it is on', event({ aliyuneventbusname: 'b' }), undefined],
  ['back to where it came from', event({ emulatorbuses: 'b' }), undefined],
  ['back to where it was long ago', event({ emulatorbuses: 'b,c,d' }), undefined],
])('%s', async (_, eventText, published) => {
  const calls: [string, unknown][] = []
  const result = await publishOnBus('b', eventText, async (bus, text) => {
    calls.push([bus, JSON.parse(text)])
    return {}
  })
  expect(calls).toEqual(published === undefined ? [] : [['b', published]])
  const refusal = { error: 'the event was on the bus b already and would go round in circles' }
  expect(result).toEqual(published === undefined ? refusal : {})
})

test('digits are kept, and what publishing says is the result', async () => {
  const result = await publishOnBus('b', '{"aliyuneventbusname":"a","data":12345678901234567890}', async (_, text) => {
    expect(text).toContain('"data":12345678901234567890')
    return { error: 'EventBusNotExist' }
  })
  expect(result).toEqual({ error: 'EventBusNotExist' })
})
