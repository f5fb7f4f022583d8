import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseDocument } from 'yaml'
import { privateFiles } from '../../local/database/privateFiles'
import { findOwnServer, stopOwnServer } from '../../local/database/serverProcess'
import { freePort } from '../../shared/freePort'
import { UserError } from '../../shared/userError'
import { type Account, balance, type Ledger } from '../account/account'
import { checkConvergence } from '../account/convergence'
import { makeHistory } from '../plan/history'
import { FAULT_KINDS, type FaultKind, makeSchedule } from '../plan/schedule'
import { type ChaosDatabase, databaseOf } from './database'
import { mountSmallDisk } from './disk'
import { drain } from './drain'
import { commit } from './faults'
import { controlOf, makeActs } from './organisation'
import { createSender } from './sender'
import { type ChaosStack, createStack } from './stack'

const PROJECT = path.join(__dirname, '../..')
const CONNECTIONS = 50
/** The history is over before any event arrives: nothing that it says is ahead of a clock that has been moved. */
const AGO_MS = 86_400_000
const POLL_MS = 300
const PEOPLE = 40

export interface ChaosOptions {
  events: number
  seed: number
  /** how long the sending takes at least */
  ms: number
  /** by how much DingTalk's pauses between tries are shortened */
  quicker: number
  kinds?: readonly FaultKind[]
  /** whether the loopback DingTalk's organisation lives, too, and is walked in the end */
  organisation: boolean
  /** ends it, and leaves nothing behind */
  stopping?: AbortSignal
  /** where what the stack prints is kept; without it only where the account does not balance */
  log?: string | undefined
  /** does something to the tables before the account is made */
  tamper?: (ledger: Ledger) => Promise<void>
  progress(done: number, total: number, what: string): void
}

export interface ChaosResult {
  account: Account
  faults: Map<FaultKind, number>
  notTried: Map<FaultKind, number>
  answers: ReadonlyMap<string, number>
  sends: number
  retries: number
  givenUp: number
  forms: Map<string, number>
  acts: number
  /** how often the stack ended of itself, and was started again */
  endings: number
  seconds: number
}

/** The whole of it, in a folder of its own that is gone afterwards. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), `dt-chaos-${process.pid}-`))
  const localDir = path.join(folder, 'local')
  const databaseDir = path.join(localDir, 'database')
  const disk = (options.kinds ?? FAULT_KINDS).includes('disk full') ? mountSmallDisk(localDir) : undefined
  const place = {
    localDir,
    port: await freePort(),
    config: writeConfig(folder),
    log: options.log ?? path.join(folder, 'stack.log'),
  }
  const stack = createStack({ ...place, people: PEOPLE })
  try {
    const result = await Promise.race([
      run(options, stack, databaseOf(databaseDir), disk, localDir),
      whenStopped(options.stopping),
    ])
    if (result.account.differences.length === 0 || options.log !== undefined) return result
    // what somebody will want to look at
    const kept = path.join(os.tmpdir(), `dt-chaos-log-${options.seed}.txt`)
    fs.copyFileSync(place.log, kept)
    result.account.differences.push(`(what the stack printed: ${kept})`)
    return result
  } finally {
    await stack.close()
    const files = privateFiles(databaseDir)
    const server = await findOwnServer(files)
    if (server !== undefined) await stopOwnServer(server, files)
    disk?.remove()
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

function whenStopped(stopping: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    stopping?.addEventListener('abort', () => reject(new UserError('Stopped; there is no account.')))
  })
}

async function run(
  options: ChaosOptions,
  stack: ChaosStack,
  database: ChaosDatabase,
  disk: ReturnType<typeof mountSmallDisk>,
  localDir: string,
): Promise<ChaosResult> {
  const { events, seed, quicker, progress } = options
  const began = performance.now()
  const { told, first, sent } = makeHistory(events, seed)
  const schedule = makeSchedule(sent.length, seed, options.kinds)
  const begin = Math.floor((Date.now() - AGO_MS) / 1_000) * 1_000
  const dingtalk = controlOf(stack)
  const taken = new Set<number>()
  const faults = new Map<FaultKind, number>()
  const notTried = new Map<FaultKind, number>()
  const sender = createSender({ stack, seed, begin, quicker })
  const deliver = async (n: number) => {
    const one = told[n]
    if (one !== undefined && (await sender.send(one))) taken.add(n)
  }

  await stack.start()
  await atOnce(first, deliver)
  await drain(stack, localDir)

  let done = 0
  let gate = 0
  const faulty = { stack, database, disk, dingtalk }
  const wreck = async () => {
    for (const fault of schedule) {
      while (done < fault.after) await sleep(20)
      gate++
      progress(done, sent.length, fault.kind)
      const counts = (await commit(fault, faulty)) ? faults : notTried
      counts.set(fault.kind, (counts.get(fault.kind) ?? 0) + 1)
    }
  }
  const acts = options.organisation ? makeActs(events, seed) : []
  const live = async () => {
    for (const [index, act] of acts.entries()) {
      while (done < ((index + 1) * sent.length) / (acts.length + 1)) await sleep(50)
      await dingtalk.act(act)
    }
  }
  const started = performance.now()
  const send = atOnce(sent, async (n, index) => {
    // a fault that lasts holds up what comes after the next one: the schedule is one of events, not of seconds
    while (index > (schedule[gate]?.after ?? Number.POSITIVE_INFINITY) + CONNECTIONS) await sleep(20)
    const due = started + (index / sent.length) * options.ms
    if (due > performance.now()) await sleep(due - performance.now())
    await deliver(n)
    done++
    progress(done, sent.length, 'sending')
  })
  await Promise.all([send, wreck(), live()])

  progress(done, sent.length, 'draining')
  stack.control({ shiftMs: 0, throwEvery: 0, hangEvery: 0 })
  await drain(stack, localDir)
  const walked = options.organisation ? await walkAtLast(stack, dingtalk, localDir) : undefined

  const connection = await database.connect('dingtalk')
  try {
    const ledger: Ledger = { told, seed, begin, taken, localDir, database: connection }
    await options.tamper?.(ledger)
    const account = await balance(ledger)
    if (walked !== undefined) account.differences.push(...(await checkConvergence(walked, connection)))
    const forms = new Map<string, number>()
    for (const { form, table } of told) forms.set(`${form} ${table}`, (forms.get(`${form} ${table}`) ?? 0) + 1)
    return {
      ...{ account, faults, notTried, answers: sender.answers(), sends: first.length + sent.length },
      ...{ retries: sender.retries(), givenUp: sender.givenUp(), forms, acts: acts.length, endings: stack.endings() },
      seconds: Math.round((performance.now() - began) / 1000),
    }
  } finally {
    await connection.end()
  }
}

/** With the callbacks delivered, and what enrich asks of them, everything is read once more. */
async function walkAtLast(stack: ChaosStack, dingtalk: ReturnType<typeof controlOf>, localDir: string) {
  while ((await dingtalk.counts()).callbacks.waiting > 0) await sleep(POLL_MS)
  await drain(stack, localDir)
  await dingtalk.walk()
  await drain(stack, localDir)
  return await dingtalk.organisation()
}

async function atOnce(numbers: readonly number[], work: (n: number, index: number) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (next < numbers.length) {
        const index = next++
        await work(numbers[index] ?? 0, index)
      }
    }),
  )
}

/** The project's own rules; only enrich, which may ask five times a second, is spared of people whom DingTalk does not know. */
function writeConfig(folder: string): string {
  const document = parseDocument(fs.readFileSync(path.join(PROJECT, 'eventbridge.yaml'), 'utf8'))
  const rules = document.toJS() as { Rules: { RuleName: string }[] }
  const enrich = rules.Rules.findIndex(({ RuleName }) => RuleName === 'enrich')
  document.setIn(['Rules', enrich, 'FilterPattern', 'data', 'body', 'CorpId'], ['dingcorp'])
  const file = path.join(folder, 'eventbridge.yaml')
  fs.writeFileSync(file, document.toString())
  return file
}
