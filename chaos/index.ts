import { withProgress } from '../cli/progress'
import { firstSignal, runCommand } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import { makeHistory } from './plan/history'
import { makeSchedule } from './plan/schedule'
import { reportLines } from './report'
import { runChaos } from './run/run'

const HELP = `npm run chaos [-- --events N] [--seed S] [--minutes M] [--quicker N] [--log FILE] [--plan]

Sends events in every form from 50 connections through npm start's command, a stack of its own with its own database and a
loopback DingTalk, while a schedule kills, freezes and starves what they pass. In the end each event that was answered 200
is looked for, and each row held against a plain model of the history: the last line is \`account balances\`, or the
differences are above it and the exit code is 1.

  --events N    how many (2000)
  --seed S      which events and which faults: the same again for the same seed (of the clock)
  --minutes M   take at least so long over the sending
  --quicker N   DingTalk's pauses before another try, 10 s and 30 s, are so much shorter (5)
  --log FILE    keep what the stack prints; without it that is kept where the account does not balance
  --plan        print the schedule of faults, and run nothing
`

const ARGUMENTS = {
  options: {
    events: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    minutes: { type: 'string', default: '0' },
    quicker: { type: 'string', default: '5' },
    log: { type: 'string' },
    plan: { type: 'boolean' },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const events = readNumber('events', values.events, 100, 1_000_000)
  const seed = readNumber('seed', values.seed ?? String(Math.floor(Date.now() / 1000)), 0, 2 ** 32 - 1)
  const minutes = readNumber('minutes', values.minutes, 0, 24 * 60)
  const quicker = readNumber('quicker', values.quicker, 1, 1_000)
  console.log(`npm run chaos -- --events ${events} --seed ${seed}`)
  if (values.plan) {
    for (const { after, kind, ms } of makeSchedule(makeHistory(events, seed).sent.length, seed)) {
      console.log(`after ${after}: ${kind}${ms > 0 ? `, ${(ms / 1000).toFixed(1)} s` : ''}`)
    }
    return
  }
  const { stopping } = firstSignal()
  try {
    const result = await withProgress('sending', { total: events }, (report) =>
      runChaos({
        ...{ events, seed, quicker, ms: minutes * 60_000, organisation: true, log: values.log, stopping },
        progress: (done, total, what) => report(done, { what, total }),
      }),
    )
    for (const line of reportLines(result)) console.log(line)
    process.exitCode = result.account.differences.length > 0 ? 1 : 0
  } catch (error) {
    console.error(error instanceof UserError ? error.message : error)
    // senders may still wait for their next try
    process.exit(1)
  }
})

/** @throws UserError */
function readNumber(name: string, text: string, least: number, most: number): number {
  if (/^\d{1,10}$/.test(text) && Number(text) >= least && Number(text) <= most) return Number(text)
  throw new UserError(`--${name} takes a number from ${least} to ${most}, such as --${name} ${Math.max(least, 10)}`)
}
