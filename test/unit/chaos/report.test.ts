import { reportLines } from '../../../chaos/report'
import type { ChaosResult } from '../../../chaos/run/run'

const RESULT: ChaosResult = {
  account: { accepted: 9, deliveries: 11, attempts: 14, deadLetters: 1, rows: 5, differences: [] },
  faults: new Map([
    ['stack killed', 2],
    ['database frozen', 1],
  ]),
  notTried: new Map(),
  answers: new Map([
    ['200', 9],
    ['503', 3],
  ]),
  ...{
    sends: 10,
    retries: 2,
    givenUp: 1,
    forms: new Map([['native user_info', 10]]),
    acts: 3,
    endings: 0,
    seconds: 60,
  },
}

test('the report counts, and its last line says whether the account balances', () => {
  const lines = reportLines(RESULT)
  expect(lines[0]).toBe('faults: 1 × database frozen, 2 × stack killed')
  expect(lines.join('\n')).toContain('answers: 9 × 200, 3 × 503')
  expect(lines.join('\n')).not.toContain('not tried')
  expect(lines.at(-1)).toBe('account balances')
})

test('faults that could not be tried are named', () => {
  const lines = reportLines({ ...RESULT, notTried: new Map([['disk full', 4]]) })
  expect(lines).toContain('not tried, since only root may mount a small disk: 4 × disk full')
})

test('differences stand above the last line, which counts them; of thousands the first are shown', () => {
  const differences = Array.from({ length: 1_000 }, (_, index) => `event ${index} is pending (employees)`)
  const lines = reportLines({ ...RESULT, account: { ...RESULT.account, differences } })
  expect(lines.at(-1)).toBe('account does not balance: 1000 differences')
  expect(lines.filter((line) => line.startsWith('event '))).toHaveLength(50)
})
