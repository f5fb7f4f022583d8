import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { withProgress } from '../cli/progress'
import { firstSignal, runCommand } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import { judge, tellFigures } from './figures'
import { CONNECTIONS, createLoad, type Load } from './load'
import { type Sample, takeSample } from './sample'
import { type SoakedStack, startStack, TRACE_MAX_MB } from './stack'

const HELP = `npm run soak [-- --minutes N]

Runs npm start with a private MariaDB, in a folder and on ports of its own, under half the load that it can bear, and looks
whether anything grows: memory, open files, sockets and threads of the stack and of its database, the event store, what is
not delivered, what the database has on disk. Employees are added and changed, always the same ones, so that the table is as
large at the end as it was. The event store may have ${TRACE_MAX_MB} MB (TRACE_MAX_MB), which it reaches at once: from then on each event that
comes has an old one go, once a minute.

At the start it is seen how many connections bring the most events; half of those are what follows. A figure grows where
the line through its samples, by least squares, from the first minute on, rises by more than the table allows. Exit code 1
where one does, or where an event was refused three times, lost or left over.

  --minutes N   under load, after the ramp (15); of less than four not everything can be told
`

const ARGUMENTS = { options: { minutes: { type: 'string' } } } as const

const MINUTE_MS = 60_000

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const ms = readMinutes(values.minutes ?? '15') * MINUTE_MS
  if (process.platform !== 'linux')
    throw new UserError('What a process holds is read from /proc: this runs on Linux alone.')
  const { stopping } = firstSignal()
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingtalk-eventbridge-soak-'))
  let stack: SoakedStack | undefined
  try {
    stack = await withProgress('starting npm start', {}, () => startStack(folder))
    const load = createLoad(stack)
    const most = await findMost(load, Math.min(5_000, ms / 12), stopping)
    refuseStopped(stopping)
    const perSecond = Math.max(1, Math.floor(most / 2))
    console.log(
      `It bears ${Math.floor(most)} events a second; now ${perSecond} a second from ${CONNECTIONS} connections.`,
    )
    const samples = await soak(stack, load, { ms, perSecond, stopping })
    const left = await load.drained(stopping)
    load.close()
    const figures = judge(samples, Math.min(MINUTE_MS, ms / 4))
    console.log(`\n${tellFigures(figures)}\n`)
    const { accepted, lost, failed, again } = load.counts()
    const rate = ((samples.at(-1)?.accepted ?? 0) - (samples[0]?.accepted ?? 0)) / (ms / 1_000)
    const others = [...again].map(([what, times]) => `${what} ${times} times`).join(', ')
    const sentAgain = others === '' ? 'none had to be sent again' : `sent again after ${others}`
    console.log(`${accepted} events accepted, in the soak ${Math.round(rate)} a second; ${sentAgain}`)
    const grown = figures.filter(({ verdict }) => verdict === 'grows').map(({ name }) => name)
    const problems = [
      ...(grown.length > 0 ? [`What grows: ${grown.join(', ')}.`] : []),
      ...(lost > 0 ? [`${lost} events were not accepted in three tries.`] : []),
      ...(left > 0 ? [`${left} events were not delivered in the end.`] : []),
      ...(failed > 0 ? [`${failed} events could not be stored.`] : []),
      ...(rate < perSecond * 0.9 ? [`It fell behind: ${Math.round(rate)} of ${perSecond} events a second.`] : []),
    ]
    if (problems.length > 0) throw new UserError(problems.join('\n'))
    console.log('nothing grows')
  } catch (error) {
    // whatever it was that found so
    if (stack?.hasEnded() && !stopping.aborted) throw new UserError(`npm start ended:\n${stack.lastWords()}`)
    throw error
  } finally {
    await stack?.stop()
    fs.rmSync(folder, { recursive: true, force: true })
  }
  // a connection that is kept alive holds the process
  process.exit(0)
})

/** @throws UserError */
function readMinutes(text: string): number {
  if (/^\d{1,4}(\.\d{1,3})?$/.test(text) && Number(text) > 0) return Number(text)
  throw new UserError('--minutes takes a number of minutes, such as 15 or 0.5')
}

const STEPS = [4, 8, 16, 32, CONNECTIONS]

/** Events a second that are delivered while as many connections send as bring the most. */
async function findMost(load: Load, stepMs: number, stopping: AbortSignal): Promise<number> {
  return withProgress('finding what it bears', { total: STEPS.length + 1 }, async (report) => {
    // instances start, and what runs often is compiled
    await load.flood(CONNECTIONS, stepMs, stopping)
    let most = 0
    for (const [at, connections] of STEPS.entries()) {
      await load.drained(stopping)
      report(at + 1)
      const began = performance.now()
      const accepted = await load.flood(connections, stepMs, stopping)
      const delivered = accepted - (await load.pending())
      most = Math.max(most, (delivered * 1_000) / (performance.now() - began))
    }
    await load.drained(stopping)
    return most
  })
}

/** @throws UserError */
function refuseStopped(stopping: AbortSignal): void {
  if (stopping.aborted) throw new UserError('Stopped before its end: nothing can be told.')
}

interface Soak {
  ms: number
  perSecond: number
  stopping: AbortSignal
}

async function soak(stack: SoakedStack, load: Load, { ms, perSecond, stopping }: Soak): Promise<Sample[]> {
  const everyMs = Math.min(2_000, ms / 60)
  const samples: Sample[] = []
  const began = performance.now()
  const passed = () => performance.now() - began
  await withProgress('seconds under load', { total: Math.round(ms / 1_000) }, async (report) => {
    const pacing = load.pace(perSecond, () => passed() < ms && !stopping.aborted && !stack.hasEnded())
    while (passed() < ms) {
      refuseStopped(stopping)
      samples.push(await takeSample(stack, load, passed()))
      report(Math.floor(passed() / 1_000))
      await sleep(everyMs)
    }
    await pacing
  })
  return samples
}
