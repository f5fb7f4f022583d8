import path from 'node:path'
import fc from 'fast-check'
import type { Connection } from 'mysql2/promise'
import { projectMappings } from '../../cli/project'
import { mysqlVariables, openConnection } from '../../local/database/database'
import { HTTP_EVENT } from '../../shared/eventbridge/cloudEvent'
import { createTableStatements } from '../../shared/mapping/tables'
import { type Area, counter } from '../area'
import { bodies } from '../corpus/corpus'
import { mutatedBytes } from '../draw/mutate'
import { startInstance } from '../harness/instance'
import { readLogLines, refuseSecrets, SECRETS } from '../harness/secrets'
import { checkRow, deliveryOf, hasLetters, type Person, person } from './roundTrip'

/** What the webhook and the functions that ask DingTalk make of bodies. */
const TYPES = [HTTP_EVENT, 'dingtalk:Directory:Snapshot', 'dingtalk:Directory:Roster']

const deliveries = bodies.map((body, n) => ({
  id: `fuzz-${n}`,
  source: 'my.dingtalk',
  specversion: '1.0',
  type: TYPES[0],
  time: '2026-11-01T00:00:00.000Z',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  data: { headers: { 'user-agent': 'a' }, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
}))
const told = (type: string, body: object) => ({ ...deliveries[0], type, data: { body } })
const fromDirectory = [
  told('dingtalk:Directory:Snapshot', {
    syncAction: 'user_snapshot',
    CorpId: 'c',
    userId: 'u1',
    name: '小明',
    active: true,
  }),
  told('dingtalk:Directory:Snapshot', { syncAction: 'user_snapshot', CorpId: 'c', userId: 'u1', errcode: 60121 }),
  told('dingtalk:Directory:Snapshot', { syncAction: 'dept_snapshot', CorpId: 'c', deptId: 1, name: 'd', parentid: 1 }),
  told('dingtalk:Directory:Roster', {
    EventType: 'user_roster',
    CorpId: 'c',
    after: '',
    upTo: 'zz',
    ids: ['u1', 'u2'],
  }),
  told('dingtalk:Directory:Roster', { EventType: 'dept_roster', CorpId: 'c', after: 0, upTo: 99, ids: [1, 2] }),
]
const corpus = [...deliveries, ...fromDirectory, deliveries.slice(0, 5), deliveries.slice(60, 90), fromDirectory]

type Input = { kind: 'delivery'; bytes: Buffer } | { kind: 'person'; person: Person }
const input: fc.Arbitrary<Input> = fc.oneof(
  { weight: 3, arbitrary: mutatedBytes(corpus).map((bytes) => ({ kind: 'delivery' as const, bytes })) },
  { weight: 1, arbitrary: person.map((one) => ({ kind: 'person' as const, person: one })) },
)

/** Attributes of the CloudEvent that are told: of no sender's body. */
const ATTRIBUTES = ['eventId']

/** Tables are emptied after so many: dead letters would fill the disk. */
const EMPTIED_AFTER = 1_000

/** The employees function, called as Function Compute calls it, on a real server. */
export const employees: Area = {
  name: 'employees',
  requests: 100_000,
  async open({ bundles, database }) {
    const address = await database()
    const server = await openConnection(address, {})
    await emptyTables(server)
    const bundle = path.join(await bundles(), 'employees/index.js')
    const env = { ...mysqlVariables(address), DINGTALK_CORP_ID: 'dingcorpfuzz', LOG_HASH_KEY: SECRETS.hashKey }
    const instance = startInstance(bundle, env)
    const { counts, count } = counter()
    let done = 0

    /** @throws Error unless it answers with what became of each event */
    async function deliver(bytes: Buffer): Promise<Summary> {
      const { value, failure, written, faults } = await instance.call(bytes)
      if (faults.length > 0) throw new Error(`nobody caught: ${faults.join('; ')}`)
      // the database is there, so nothing would be mended by a later try
      if (failure !== undefined) throw new Error(`the delivery failed: ${failure}`)
      const lines = readLogLines(written, ATTRIBUTES)
      if (lines.some(({ outcome }) => outcome === 'unreadable')) throw new Error('the code is at a loss with it')
      refuseSecrets('the answer', JSON.stringify(value))
      // what a body can ask for only reads, and whoever sent it does not get the answer
      if (typeof value === 'string' && bytes.length <= 1_024 && bytes.includes('"maintenance"')) return ASKED
      return readSummary(value)
    }

    return {
      input: input as fc.Arbitrary<unknown>,
      counts,
      async check(drawn) {
        const given = drawn as Input
        if (done++ % EMPTIED_AFTER === 0) await emptyTables(server)
        if (given.kind === 'person') {
          const { deadLettered, badValues } = await deliver(deliveryOf(given.person))
          count(`person ${deadLettered > 0 ? 'dead letter' : 'stored'}`)
          return checkRow(server, given.person, { deadLettered, badValues })
        }
        const summary = await deliver(given.bytes)
        for (const name of ['received', 'stored', 'ignored', 'deadLettered'] as const) count(name, summary[name])
        if (summary.deadLettered > 0 && !(await hasLetters(server)))
          throw new Error('a dead letter is not in the table')
      },
      show: (drawn) => showInput(drawn as Input),
      heldBytes: instance.heldBytes,
      async close() {
        await instance.stop()
        await server.end()
      },
    }
  },
}

const ASKED: Summary = { received: 0, stored: 0, ignored: 0, deadLettered: 0 }

interface Summary {
  received: number
  stored: number
  ignored: number
  deadLettered: number
  badValues?: string
}

function readSummary(value: unknown): Summary {
  const summary = value as Summary
  const { received, stored, ignored, deadLettered } = summary
  const isCount = [received, stored, ignored, deadLettered].every((count) => Number.isSafeInteger(count) && count >= 0)
  if (!isCount) throw new Error(`no summary: ${JSON.stringify(value)?.slice(0, 300)}`)
  if (stored + ignored + deadLettered !== received) throw new Error(`it does not add up: ${JSON.stringify(value)}`)
  return summary
}

/** Made anew: whatever a delivery has done to them, the next ones begin with what `npm run migrate` makes. */
async function emptyTables(server: Connection): Promise<void> {
  const [tables] = await server.query({ sql: 'SHOW TABLES', rowsAsArray: true })
  for (const [table] of tables as string[][]) await server.query(`DROP TABLE \`${table}\``)
  for (const statement of createTableStatements(...projectMappings())) await server.query(statement)
}

function showInput(given: Input): string {
  return given.kind === 'delivery' ? given.bytes.toString('latin1') : JSON.stringify(given.person)
}
