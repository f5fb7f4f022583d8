import { stringify } from 'lossless-json'
import type { Clock } from '../../shared/clock'
import { errorCode } from '../../shared/errorCode'
import { isLosslessObject, isObject, parseLossless } from '../../shared/json'
import { ApiError } from '../api/refusal'
import type { Activity } from '../store/activity'
import { peopleOf } from '../store/people'
import type { Searches } from '../store/searches'
import type { EventTrace, Traces } from '../store/traces'
import { maskAnswer, maskEvent, maskFields } from './maskPersonalData'
import type {
  EventDetail,
  EventList,
  ListedEvent,
  ListedPerson,
  MapEvent,
  RuleState,
  SendCommand,
  Sent,
  ShownColumn,
  TableRows,
} from './protocol'
import type { QueueDesk } from './queueDesk'
import { readAfter, readFilter, readLimit } from './readFilter'
import { draftOf } from './samples'
import type { Samples } from './tryProtocol'

export interface QueryOptions {
  traces: Pick<Traces, 'list' | 'count' | 'find' | 'findAll'>
  activity: Activity
  clock: Clock
  searches: Searches
  rules(): RuleState[]
  /** with what the form begins that sends an event */
  samples(): Omit<Samples, 'again'>
  queues: Pick<QueueDesk, 'list' | 'read'>
  /** absent where the emulator runs by itself: then there are no rows to show */
  people?: People
}

/** What the page can do where the employees function and its database are at hand. */
export interface People {
  /**
   * The rows about whom the event names; undefined for an event that names nobody.
   * @param json the CloudEvent's JSON text
   * @throws when the database does not answer
   */
  rowsOf(json: string): Promise<TableRows[]>
  /** What an event would do of which somebody has this text. */
  map: MapEvent
  /** Sends a test event about an employee to the webhook. */
  send(command: SendCommand): Promise<Sent>
}

/**
 * What `GET /trace/…` is answered with. Personal data is masked unless `reveal=1` asks for it.
 * @returns a function that throws ApiError
 */
export function createQueries({ traces, activity, searches, clock, rules, samples, queues, people }: QueryOptions) {
  const filterIn = (query: URLSearchParams) => readFilter(query, clock.now(), searches)

  async function listEvents(query: URLSearchParams): Promise<EventList> {
    const filter = await filterIn(query)
    const limit = readLimit(query)
    const found = traces.list(filter, limit + 1)
    const events = traces.findAll(found.slice(0, limit).map(({ seq }) => seq))
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

  function withLast(found: Omit<Samples, 'again'>, query: URLSearchParams): Samples {
    const trace = traces.find(Number(query.get('event') ?? traces.list({}, 1)[0]?.seq ?? 0))
    if (trace === undefined) return found
    const event = isRevealed(query) ? parseLossless(trace.json) : maskEvent(trace.json)
    return { ...found, again: draftOf(trace.bus, event) }
  }

  function existing(seq: string): EventTrace {
    const trace = traces.find(Number(seq))
    if (trace === undefined) throw new ApiError(404, 'NotFound', 'There is no such event, or it was purged.')
    return trace
  }

  async function rowsOf(trace: EventTrace, reveal: boolean): Promise<TableRows[]> {
    if (people === undefined) return []
    const found = await people
      .rowsOf(trace.json)
      .catch((error: unknown) => unreachable('DatabaseUnavailable', 'The database', error))
    if (reveal) return found
    return found.map((table) => ({
      ...table,
      rows: table.rows.map(({ columns }) => ({ columns: columns.map(maskColumn) })),
    }))
  }

  return async function answer(path: string, query: URLSearchParams): Promise<unknown> {
    if (path === '/trace/events') return listEvents(query)
    if (path === '/trace/activity') return activity.read(await filterIn(query), clock.now())
    if (path === '/trace/rules') return rules()
    if (path === '/trace/samples') return withLast(samples(), query)
    if (path === '/trace/queues') return queues.list()
    if (path === '/trace/messages') return queues.read(query.get('queue') ?? '', readAfter(query), isRevealed(query))
    const [, seq, rows] = /^\/trace\/events\/(\d{1,15})(\/rows)?$/.exec(path) ?? []
    if (seq === undefined) throw new ApiError(404, 'NotFound', 'The trace page has no such address.')
    const reveal = isRevealed(query)
    return rows === undefined ? showEvent(existing(seq), reveal) : rowsOf(existing(seq), reveal)
  }
}

function isRevealed(query: URLSearchParams): boolean {
  return query.get('reveal') === '1'
}

/** An event may name hundreds. */
const MAX_LISTED_PEOPLE = 3

/** An event as a list shows it: personal data always masked. */
function listEvent(trace: EventTrace): ListedEvent {
  const { seq, bus, id, source, type, receivedAt, state, mismatches } = trace
  const action = actionOf(JSON.parse(trace.json))
  const people = peopleOf(trace.json)
  return {
    ...{ seq, bus, id, source, type, receivedAt, state, mismatches },
    ...(action !== undefined && { action }),
    people: people.slice(0, MAX_LISTED_PEOPLE).map((person) => maskFields(person) as ListedPerson),
    peopleCount: people.length,
    deliveries: deliveriesOf(trace, false),
  }
}

/** Everything that is known of an event. */
function showEvent(trace: EventTrace, reveal: boolean): EventDetail {
  const event = reveal ? parseLossless(trace.json) : maskEvent(trace.json)
  return {
    ...listEvent(trace),
    traceId: trace.traceId,
    deadLetters: trace.deadLetters,
    deliveries: deliveriesOf(trace, reveal),
    event: stringify(bodyFirst(event), null, 2) ?? '',
  }
}

/** What the event says comes first, and then what says how it came. */
function bodyFirst(event: unknown): unknown {
  if (!isLosslessObject(event) || !Object.hasOwn(event, 'data')) return event
  const { data, ...attributes } = event
  if (!isLosslessObject(data) || !Object.hasOwn(data, 'body')) return { data, ...attributes }
  const { body, ...rest } = data
  return { data: { body, ...rest }, ...attributes }
}

/** What DingTalk calls it, by whichever way it came. */
function actionOf(event: unknown): string | undefined {
  const data = isObject(event) ? event['data'] : undefined
  const body = isObject(data) ? data['body'] : undefined
  if (!isObject(body)) return undefined
  return [body['syncAction'], body['EventType'], body['eventType']].find((value) => typeof value === 'string')
}

/** An error is in the emulator's own words and needs no mask. */
function deliveriesOf({ deliveries }: EventTrace, reveal: boolean): ListedEvent['deliveries'] {
  return deliveries.map(({ rule, target, state, nextAttemptAt, tries }) => ({
    ...{ rule, target, state, nextAttemptAt },
    tries: tries.map(({ answer, ...attempt }) => ({
      ...attempt,
      answer: answer === null || reveal ? answer : maskAnswer(answer),
    })),
  }))
}

function maskColumn(column: ShownColumn): ShownColumn {
  const { name, value } = column
  return { ...column, value: Object.values(maskFields({ [name]: value }) as object)[0] as unknown }
}

/** Its message may hold data, its code does not. */
export function unreachable(code: string, who: string, error: unknown): never {
  // fetch puts the system's error into its own
  const cause = isObject(error) ? error['cause'] : undefined
  throw new ApiError(502, code, `${who} did not answer (${errorCode(error) ?? errorCode(cause) ?? 'unexpected'}).`)
}
