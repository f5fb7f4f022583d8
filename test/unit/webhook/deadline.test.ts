import { createDeadline } from '../../../functions/webhook/webhook'

test('the first request of a cold instance has waited since the process began', () => {
  const deadline = createDeadline(900)
  expect(deadline(300)).toBe(900)
  expect(deadline(400)).toBe(1_300)
})

test('after a start that took longer than the budget one short try is left', () => {
  expect(createDeadline(900)(2_000)).toBe(2_200)
})

test('an instance that was started long before its first request is not cold', () => {
  expect(createDeadline(900)(60_000)).toBe(60_900)
})
