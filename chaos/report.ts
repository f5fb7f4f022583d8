import type { ChaosResult } from './run/run'

/** So many differences are shown: the first of thousands say what is wrong. */
const SHOWN = 50

/** What a run came to, line by line: numbers and ids. */
export function reportLines(result: ChaosResult): string[] {
  const { account, faults, notTried, answers, forms, sends, retries, givenUp, acts, endings, seconds } = result
  const { accepted, deliveries, attempts, deadLetters, rows, differences } = account
  return [
    `faults: ${list(faults)}`,
    ...(notTried.size > 0 ? [`not tried, since only root may mount a small disk: ${list(notTried)}`] : []),
    `the stack ended of itself and was started again: ${endings}`,
    `events: ${list(forms)}; changes of the loopback DingTalk: ${acts}`,
    `sent ${sends} times, tried once more ${retries} times, given up ${givenUp}; answers: ${list(answers)}`,
    `on the bus: ${accepted} events, ${deliveries} deliveries in ${attempts} attempts; ${deadLetters} in dead_letters, ${rows} rows`,
    `${seconds} s`,
    ...differences.slice(0, SHOWN),
    differences.length === 0 ? 'account balances' : `account does not balance: ${differences.length} differences`,
  ]
}

function list(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count} × ${name}`)
    .join(', ')
}
