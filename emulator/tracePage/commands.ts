import type { IncomingMessage } from 'node:http'
import * as z from 'zod/mini'
import type { Clock } from '../../shared/clock'
import { parseJson } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import { parseInput } from '../api/readRequest'
import { ApiError } from '../api/refusal'
import type { Searches } from '../store/searches'
import type { TraceFilter } from '../store/traceFilter'
import type { Traces } from '../store/traces'
import type { FoundPeople, Mapped, Replayed, RuleState, Sent } from './protocol'
import { type People, unreachable } from './queries'
import type { QueueDesk } from './queueDesk'
import type { QueueDone } from './queueProtocol'
import { readFilter } from './readFilter'
import type { Draft, Published, Tried, TryCommand } from './tryProtocol'

/** More at once would be published for minutes. */
const MAX_REPLAYED = 10_000

const ruleCommand = z.strictObject({
  bus: z.string(),
  rule: z.string(),
  do: z.enum(['enable', 'disable', 'unblock'], 'must be enable, disable or unblock'),
})
const replayCommand = z.union([
  z.strictObject({ seqs: z.array(z.number()).check(z.maxLength(MAX_REPLAYED)) }),
  z.strictObject({ filter: z.string(), through: z.number() }),
])
/** As many user ids as the store finds of one name, with commas between them, fit. */
const peopleCommand = z.strictObject({
  named: z.string().check(z.maxLength(4_096, 'must have at most 4096 characters')),
})
const mapCommand = z.strictObject({ text: z.string() })
const draft = z.strictObject({
  bus: z.string(),
  source: z.string(),
  type: z.string(),
  subject: z.optional(z.string()),
  data: z.string(),
})
const FORMS = ['ORIGINAL', 'JSONPATH', 'CONSTANT', 'TEMPLATE'] as const
const tryCommand = z.strictObject({
  event: z.string(),
  pattern: z.string(),
  transform: z.optional(
    z.strictObject({ form: z.enum(FORMS), value: z.optional(z.string()), template: z.optional(z.string()) }),
  ),
})
const toQueue = { queue: z.string(), do: z.enum(['delete', 'publish'], 'must be delete or publish') }
const queueCommand = z.union([
  z.strictObject({ ...toQueue, seqs: z.array(z.number()).check(z.maxLength(MAX_REPLAYED)) }),
  z.strictObject({ ...toQueue, through: z.number() }),
])
const sendCommand = z.strictObject({
  action: z.string().check(z.regex(/^[\w.-]{1,64}$/, 'must be the name of an event')),
  name: z.string().check(z.maxLength(64)),
  userId: z.optional(z.string().check(z.regex(/^[\w.@-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . @ -'))),
})

export interface CommandOptions {
  traces: Pick<Traces, 'list'>
  /** the user ids of whoever has this user id or this name */
  findPeople(named: string): string[]
  clock: Clock
  rules(): RuleState[]
  setRuleEnabled(bus: string, rule: string, enabled: boolean): void | Promise<void>
  unblock(bus: string, rule: string): void | Promise<void>
  /** Publishes these events again, unchanged and in this order; returns how many were accepted. */
  replay(seqs: readonly number[]): Promise<number>
  searches: Searches
  /** Publishes an event that somebody made up, by PutEvents. */
  publish(draft: Draft): Promise<Published>
  /** What would an event do? */
  tryEvent(command: TryCommand): Tried
  queues: Pick<QueueDesk, 'run'>
  /** absent where the emulator runs by itself: then there is no webhook to send to */
  people?: People
}

type Answer = RuleState[] | Replayed | FoundPeople | Mapped | Sent | Published | Tried | QueueDone

/**
 * What `POST /trace/…` does.
 * @returns a function that throws ApiError
 */
export function createCommands(options: CommandOptions) {
  const { traces, clock, rules, people, searches } = options

  return async function run(req: IncomingMessage, path: string): Promise<Answer> {
    if (path === '/trace/rules') return changeRule(await readCommand(req, ruleCommand))
    if (path === '/trace/people') {
      return { userIds: findPeople((await readCommand(req, peopleCommand)).named) }
    }
    if (path === '/trace/replay') {
      const asked = await readCommand(req, replayCommand)
      const seqs = 'seqs' in asked ? asked.seqs : await seqsOf(asked.filter, asked.through)
      return { replayed: await options.replay([...new Set(seqs)].sort((a, b) => a - b)) }
    }
    if (path === '/trace/publish') return options.publish(await readCommand(req, draft))
    if (path === '/trace/try') return options.tryEvent(await readCommand(req, tryCommand))
    if (path === '/trace/queues') return options.queues.run(await readCommand(req, queueCommand))
    if (path === '/trace/map' && people !== undefined) {
      return people.map((await readCommand(req, mapCommand)).text, rules())
    }
    if (path === '/trace/send' && people !== undefined) {
      const asked = await readCommand(req, sendCommand)
      return people.send(asked).catch((error: unknown) => unreachable('WebhookUnavailable', 'The webhook', error))
    }
    throw new ApiError(404, 'NotFound', 'The trace page has no such command.')
  }

  async function changeRule(asked: z.infer<typeof ruleCommand>): Promise<RuleState[]> {
    const { bus, rule } = asked
    if (!rules().some((other) => other.bus === bus && other.rule === rule)) {
      throw new ApiError(404, 'NotFound', 'There is no such rule any more.')
    }
    if (asked.do === 'unblock') await options.unblock(bus, rule)
    else await options.setRuleEnabled(bus, rule, asked.do === 'enable')
    return rules()
  }

  /** Somebody, or several with commas between them, as in the page's address. */
  function findPeople(named: string): string[] {
    const found = options.findPeople(named)
    if (found.length > 0) return found
    return [...new Set(named.split(/[,，、]/).flatMap((one) => options.findPeople(one)))]
  }

  async function seqsOf(query: string, through: number): Promise<number[]> {
    const asked = await readFilter(new URLSearchParams(query), clock.now(), searches)
    const filter: TraceFilter = { ...asked, before: through + 1 }
    const found = traces.list(filter, MAX_REPLAYED + 1)
    if (found.length <= MAX_REPLAYED) return found.map(({ seq }) => seq)
    throw new ApiError(400, 'TooMany', `At most ${MAX_REPLAYED} events are replayed at once. Narrow the filter.`)
  }
}

const MAX_BYTES = 1024 * 1024

/**
 * Reads a command of the page. Another page in the same browser cannot set the header without asking first, and is not
 * answered then; and its Origin, which every browser sends with a POST, is not ours.
 * @throws ApiError
 */
async function readCommand<T>(req: IncomingMessage, schema: z.ZodMiniType<T>): Promise<T> {
  const { host = '', origin } = req.headers
  if (req.headers['x-trace-page'] !== '1' || (origin !== undefined && origin !== `http://${host}`)) {
    throw new ApiError(403, 'Forbidden', 'Commands are taken from the trace page only.')
  }
  const body = await readBody(req, MAX_BYTES).catch(() => {
    throw new ApiError(400, 'Gone', 'The command broke off.')
  })
  if (body === undefined) throw new ApiError(413, 'TooLarge', `A command has ${MAX_BYTES} bytes at most.`)
  const command = parseJson(body.toString('utf8'))
  if (command === undefined) throw new ApiError(400, 'InvalidCommand', 'The body must be JSON.')
  const parsed = parseInput(schema, command)
  if ('data' in parsed) return parsed.data
  throw new ApiError(400, 'InvalidCommand', parsed.faults.join('; '))
}
