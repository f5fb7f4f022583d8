import { mapEvent } from '../../cli/map/mapEvent'
import type { AcceptedEvent, Attempt, Outcome } from '../../emulator/store/records'
import type { Store } from '../../emulator/store/store'
import type { RuleState } from '../../emulator/tracePage/protocol'
import type { People } from '../../emulator/tracePage/queries'
import { createQueueDesk } from '../../emulator/tracePage/queueDesk'
import { createTracePage, type TracePage, type TracePageOptions } from '../../emulator/tracePage/tracePage'
import { type ManualClock, manualClock } from './manualClock'
import { testProject } from './mapProject'
import { startServer } from './rawHttp'
import { acceptedEvent, pendingDeliveries, temporaryStores } from './store'

export interface TestTracePage {
  url: string
  port: number
  store: Store
  clock: ManualClock
  page: TracePage
  rules: RuleState[]
  /** the seqs that were replayed */
  replayed: number[]
  /** answers with JSON */
  get(path: string): Promise<{ status: number; body: unknown }>
  /** as the page's script does; further headers take the place of its own */
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>
  /** Accepts an event and records these attempts at its first delivery. */
  trace(event: Partial<AcceptedEvent> & { id: string }, ...attempts: [Partial<Attempt>, Outcome][]): Promise<void>
}

/** Called where the tests of a file are defined: starts pages, each on a store of its own, that are gone after them. */
export function tracePages(): (options?: Partial<TracePageOptions>) => Promise<TestTracePage> {
  const openTemporary = temporaryStores()
  const stops: (() => Promise<void>)[] = []
  afterAll(() => Promise.all(stops.map((stop) => stop())))
  return async (options = {}) => {
    const store = openTemporary()
    const clock = manualClock()
    const replayed: number[] = []
    const rules: RuleState[] = [
      {
        ...{ bus: 'bus', rule: 'rule', enabled: true, pattern: '{"source":["my.source"]}' },
        targets: [{ id: 'target', endpoint: 'acs:fc:r:a:functions/f', blocked: true }],
      },
    ]
    const page = createTracePage({
      ...{
        traces: store.traces,
        activity: store.activity,
        onChange: store.onChange,
        clock,
        findPeople: store.people.find,
        searches: store.searches,
      },
      queues: createQueueDesk({ store, named: () => [], publishLetters: async () => 0, now: () => clock.now() }),
      samples: () => ({ buses: [{ name: 'bus', sources: ['my.source'] }], matching: [] }),
      publish: async () => ({ id: 'sent' }),
      tryEvent: () => ({ rules: [] }),
      rules: () => structuredClone(rules),
      setRuleEnabled(bus, rule, enabled) {
        for (const other of rules) if (other.bus === bus && other.rule === rule) other.enabled = enabled
      },
      unblock: () => {
        for (const target of rules.flatMap(({ targets }) => targets)) target.blocked = false
      },
      async replay(seqs) {
        replayed.push(...seqs)
        return seqs.length
      },
      webhookUrl: 'http://127.0.0.1:8080/webhook/putEvents',
      ...options,
    })
    const server = await startServer((req, res) => void page.door(req, res))
    stops.push(async () => {
      page.close()
      await server.close()
      store.close()
    })
    const url = `http://127.0.0.1:${server.port}`
    const answerOf = async (response: Response) => ({ status: response.status, body: await response.json() })
    return {
      ...{ url, port: server.port, store, clock, page, rules, replayed },
      get: async (path) => answerOf(await fetch(url + path)),
      post: async (path, body, headers = {}) =>
        answerOf(
          await fetch(url + path, {
            method: 'POST',
            headers: { 'x-trace-page': '1', ...headers },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
        ),
      async trace(event, ...attempts) {
        await store.accept([acceptedEvent(event)])
        for (const [attempt, outcome] of attempts) {
          const [delivery] = pendingDeliveries(store).toSorted((a, b) => b.eventSeq - a.eventSeq)
          if (delivery) await store.record(delivery, { startedAt: 1_000, ms: 5, ...attempt }, outcome)
        }
      },
    }
  }
}

/** A database that has this row, the project's tables, and a webhook that accepts everything. */
export function fakePeople(columns: Record<string, unknown>): People {
  return {
    rowsOf: async () => [
      {
        table: 'user_info',
        rows: [{ columns: Object.entries(columns).map(([name, value]) => ({ name, value, setByThis: false })) }],
      },
    ],
    map: (text, rules) => mapEvent(text, testProject(), rules, Date.now()),
    send: async ({ userId = 'new' }) => ({ status: 200, userId, eventId: 'sent' }),
  }
}

/** A CloudEvent of the webhook function, with this body. */
export function webhookEvent(body: unknown, attributes: Record<string, unknown> = {}): string {
  const data = { headers: {}, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} }
  return JSON.stringify({ id: 'e', source: 'my.source', type: 'my.type', specversion: '1.0', ...attributes, data })
}
