import { createChangeTeller } from '../../../emulator/delivery/changeTeller'

const lane = { bus: 'b', rule: 'r', target: 't' }
const NAME = 'target t of rule r (bus b)'

test.each<[string, (string | undefined)[], string[]]>([
  ['nothing of what works', [undefined, undefined], []],
  ['the first failure, with its reason', ['HTTP 500'], [`Deliveries to ${NAME} fail: HTTP 500`]],
  ['one line, however many attempts', ['HTTP 500', 'HTTP 503', 'HTTP 500'], [`Deliveries to ${NAME} fail: HTTP 500`]],
  [
    'and one when it works again',
    ['HTTP 500', undefined, undefined],
    [`Deliveries to ${NAME} fail: HTTP 500`, `Deliveries to ${NAME} work again.`],
  ],
])('%s', (_, errors, lines) => {
  const said: string[] = []
  const tell = createChangeTeller((line) => said.push(line))
  for (const error of errors) tell(lane, error)
  expect(said).toEqual(lines)
})

test('each target by itself', () => {
  const said: string[] = []
  const tell = createChangeTeller((line) => said.push(line))
  tell(lane, 'HTTP 500')
  tell({ ...lane, bus: 'other' }, 'HTTP 500')
  tell({ ...lane, bus: 'other' }, undefined)
  expect(said).toHaveLength(3)
})
