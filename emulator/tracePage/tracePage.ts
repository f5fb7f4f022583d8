import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import { errorCode } from '../../shared/errorCode'
import { isObject } from '../../shared/isObject'
import type { Clock } from '../clock'
import type { Activity } from '../store/activity'
import type { TraceFilter } from '../store/traceFilter'
import type { EventTrace, Traces } from '../store/traces'
import { buildPage, type Page } from './buildPage'
import { createLiveUpdates } from './liveUpdates'
import { maskFields } from './maskPersonalData'
import type { People } from './people'
import type { EmployeeRows, EventList, Replayed, RuleState, Sent } from './protocol'
import { readCommand } from './readCommand'
import { readFilter, readLimit } from './readFilter'
import { Refusal } from './refusal'
import { listEvent, showEvent } from './showEvent'

export interface TracePageOptions {
  traces: Pick<Traces, 'list' | 'count' | 'find'>
  activity: Activity
  /** Calls back after events or deliveries changed; returns what ends that. */
  onChange(listener: () => void): () => void
  clock: Clock
  rules(): RuleState[]
  setRuleEnabled(bus: string, rule: string, enabled: boolean): void | Promise<void>
  unblock(bus: string, rule: string): void | Promise<void>
  /** Publishes these events again, unchanged and in this order; returns how many were accepted. */
  replay(seqs: readonly number[]): Promise<number>
  /** absent where the emulator runs by itself: then there are no rows to show */
  people?: People
  /** where events are posted */
  webhookUrl: string
}

export interface TracePage {
  /** `GET /` and `/trace/…` */
  door(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Ends the live streams, which would else keep a server from closing. */
  close(): void
}

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
const sendCommand = z.strictObject({
  action: z.string().check(z.regex(/^[\w.-]{1,64}$/, 'must be the name of an event')),
  name: z.string().check(z.maxLength(64)),
  userId: z.optional(z.string().check(z.regex(/^[\w.@-]{1,64}$/, 'must be 1 to 64 letters, digits or _ . @ -'))),
})

/** The event trace page: what happened to each event. Personal data is masked unless a request asks for it. */
export function createTracePage(options: TracePageOptions): TracePage {
  const { traces, activity, clock, rules, people } = options
  const live = createLiveUpdates(options.onChange, clock)
  let page: Page | undefined

  function listEvents(query: URLSearchParams): EventList {
    const filter = readFilter(query, clock.now())
    const limit = readLimit(query)
    const found = traces.list(filter, limit + 1)
    const events = found.slice(0, limit).flatMap(({ seq }) => traces.find(seq) ?? [])
    const last = events.at(-1)
    const { state: _, before: __, ...ofAnyState } = filter
    const counts = traces.count(ofAnyState)
    const ofState = filter.state === undefined ? Object.values(counts) : [counts[filter.state] ?? 0]
    return {
      events: events.map(listEvent),
      counts,
      total: ofState.reduce((sum, count) => sum + count, 0),
      through: traces.list({}, 1)[0]?.seq ?? 0,
      ...(found.length > limit && last !== undefined && { older: last.seq }),
    }
  }

  function existing(seq: string): EventTrace {
    const trace = traces.find(Number(seq))
    if (trace === undefined) throw new Refusal(404, 'NotFound', 'There is no such event, or it was purged.')
    return trace
  }

  async function rowsOf(trace: EventTrace, reveal: boolean): Promise<EmployeeRows | null> {
    const found = await people
      ?.rowsOf(trace.json)
      .catch((error: unknown) => refuse('DatabaseUnavailable', 'The database', error))
    if (found === undefined) return null
    return reveal ? found : { ...found, rows: found.rows.map(({ columns }) => ({ columns: columns.map(maskColumn) })) }
  }

  async function command(req: IncomingMessage, path: string): Promise<RuleState[] | Replayed | Sent> {
    if (path === '/trace/rules') return changeRule(await readCommand(req, ruleCommand))
    if (path === '/trace/replay') {
      const asked = await readCommand(req, replayCommand)
      const seqs = 'seqs' in asked ? asked.seqs : seqsOf(asked.filter, asked.through)
      return { replayed: await options.replay([...new Set(seqs)].sort((a, b) => a - b)) }
    }
    if (path === '/trace/send' && people !== undefined) {
      const asked = await readCommand(req, sendCommand)
      return people.send(asked).catch((error: unknown) => refuse('WebhookUnavailable', 'The webhook', error))
    }
    throw new Refusal(404, 'NotFound', 'The trace page has no such command.')
  }

  async function changeRule(asked: z.infer<typeof ruleCommand>): Promise<RuleState[]> {
    const { bus, rule } = asked
    if (!rules().some((other) => other.bus === bus && other.rule === rule)) {
      throw new Refusal(404, 'NotFound', 'There is no such rule any more.')
    }
    if (asked.do === 'unblock') await options.unblock(bus, rule)
    else await options.setRuleEnabled(bus, rule, asked.do === 'enable')
    return rules()
  }

  function seqsOf(query: string, through: number): number[] {
    const filter: TraceFilter = { ...readFilter(new URLSearchParams(query), clock.now()), before: through + 1 }
    const found = traces.list(filter, MAX_REPLAYED + 1)
    if (found.length <= MAX_REPLAYED) return found.map(({ seq }) => seq)
    throw new Refusal(400, 'TooMany', `At most ${MAX_REPLAYED} events are replayed at once. Narrow the filter.`)
  }

  async function read(path: string, query: URLSearchParams): Promise<unknown> {
    if (path === '/trace/events') return listEvents(query)
    if (path === '/trace/activity') return activity.read(readFilter(query, clock.now()), clock.now())
    if (path === '/trace/rules') return rules()
    const [, seq, rows] = /^\/trace\/events\/(\d{1,15})(\/rows)?$/.exec(path) ?? []
    if (seq === undefined) throw new Refusal(404, 'NotFound', 'The trace page has no such address.')
    const reveal = query.get('reveal') === '1'
    return rows === undefined ? showEvent(existing(seq), reveal) : rowsOf(existing(seq), reveal)
  }

  function sendPage(req: IncomingMessage, res: ServerResponse): void {
    page ??= buildPage({ webhookUrl: options.webhookUrl, hasPeople: people !== undefined })
    const isKnown = req.headers['if-none-match'] === page.headers['etag']
    res.writeHead(isKnown ? 304 : 200, { ...page.headers, ...COMMON_HEADERS })
    res.end(isKnown ? undefined : page.html)
  }

  async function door(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (req.url ?? '/').split(/\?(.*)/s)
    try {
      if (req.method === 'POST') return sendJson(res, 200, await command(req, path))
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        throw new Refusal(405, 'MethodNotAllowed', 'The trace page takes GET and POST.')
      }
      if (path === '/') return sendPage(req, res)
      if (path === '/trace/live') return live.open(res)
      sendJson(res, 200, await read(path, new URLSearchParams(query)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      sendJson(res, error.status, { code: error.code, message: error.message })
    }
  }

  return { door, close: live.close }
}

function maskColumn(column: EmployeeRows['rows'][number]['columns'][number]) {
  const { name, value } = column
  return { ...column, value: Object.values(maskFields({ [name]: value }) as object)[0] as unknown }
}

/** Its message may hold data, its code does not. */
function refuse(code: string, who: string, error: unknown): never {
  // fetch puts the system's error into its own
  const cause = isObject(error) ? error['cause'] : undefined
  throw new Refusal(502, code, `${who} did not answer (${errorCode(error) ?? errorCode(cause) ?? 'unexpected'}).`)
}

/** No other page may embed or read what is served here. */
const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

function sendJson(res: ServerResponse, status: number, value: unknown): void {
  const bytes = Buffer.from(JSON.stringify(value))
  res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...COMMON_HEADERS,
  })
  res.end(bytes)
}
