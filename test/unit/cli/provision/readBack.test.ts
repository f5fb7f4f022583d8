import { readBack } from '../../../../cli/provision/plan'

const change = { kind: 'update' as const, what: 'rule employees', details: ['Status: DISABLE -> ENABLE'], calls: [] }
const none = { changes: [], notes: ['left alone: x'] }
const some = { changes: [change], notes: [] }

test.each([0, 1, 9])('what EventBridge shows after %d pauses', async (pauses) => {
  const plans = [...Array.from({ length: pauses }, () => some), none]
  let slept = 0
  await readBack(
    async () => plans.shift() ?? some,
    async () => {
      slept += 1
    },
  )
  expect(slept).toBe(pauses)
})

test('what it never shows is a failure that says what', async () => {
  const reading = readBack(
    async () => some,
    async () => {},
  )
  await expect(reading).rejects.toThrow('~ rule employees\n    Status: DISABLE -> ENABLE')
})
