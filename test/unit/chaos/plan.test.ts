import { makeHistory } from '../../../chaos/plan/history'
import { FAULT_KINDS, makeSchedule } from '../../../chaos/plan/schedule'
import { FORMS } from '../../../chaos/plan/told'
import { makeActs } from '../../../chaos/run/organisation'

const planOf = (seed: number) => {
  const history = makeHistory(2_000, seed)
  return { history, schedule: makeSchedule(history.sent.length, seed), acts: makeActs(2_000, seed) }
}

test('the same seed is the same history, schedule and life of the organisation; another is another', () => {
  expect(planOf(1)).toEqual(planOf(1))
  expect(planOf(1).schedule).not.toEqual(planOf(2).schedule)
  expect(planOf(1).history).not.toEqual(planOf(2).history)
  expect(planOf(1).acts).not.toEqual(planOf(2).acts)
})

test('a history has as many events as were asked for, in all forms, each sent, some twice', () => {
  const { told, first, sent } = planOf(3).history
  expect(told).toHaveLength(2_000)
  expect(new Set(told.map(({ form }) => form))).toEqual(new Set(FORMS))
  expect(new Set([...first, ...sent])).toEqual(new Set(told.map(({ n }) => n)))
  expect(sent.length).toBeGreaterThan(told.length)
})

test.each([100, 2_000, 20_000])(
  'of %i events each kind of fault happens, one after the other, before the end',
  (events) => {
    const schedule = makeSchedule(events, 4)
    expect(new Set(schedule.map(({ kind }) => kind))).toEqual(new Set(FAULT_KINDS))
    const afters = schedule.map(({ after }) => after)
    expect(afters).toEqual(afters.toSorted((a, b) => a - b))
    expect(Math.max(...afters)).toBeLessThan(events)
  },
)
