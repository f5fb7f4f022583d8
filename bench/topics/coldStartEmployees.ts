import path from 'node:path'
import { mysqlVariables } from '../../local/database/database'
import { emptyTables, expectRows, TABLE } from '../harness/emptyTables'
import { type ColdStart, coldStart } from '../harness/instance'
import { median } from '../harness/measure'
import { connectorBody, delivery } from '../harness/samples'
import type { Topic } from '../topic'

const PEERS = path.join(__dirname, '../peers')

/** What a first event to the employees function costs: the process, the bundle, the connection and the row. */
export const coldStartEmployees: Topic = {
  name: 'coldStartEmployees',
  async measure({ rounds, quick, bundles, database, report }) {
    const server = await database()
    await emptyTables(server, ['plain_zod', 'plain_typeorm'])
    const contestants = [
      { name: 'employees', table: TABLE, module: path.join(await bundles(), 'employees/index.js') },
      { name: 'zod + mysql2', table: 'plain_zod', module: path.join(PEERS, 'employeesZod.cjs') },
      { name: 'typeorm', table: 'plain_typeorm', module: path.join(PEERS, 'employeesTypeorm.cjs') },
    ].map((contestant) => ({ ...contestant, measured: [] as ColdStart[] }))
    const node: ColdStart[] = []
    const starts = quick ? 1 : 3 * rounds
    for (let start = 0; start < starts; start++) {
      node.push(await coldStart(undefined, {}))
      const events = [delivery(connectorBody(start, start), `event-${start}`, start)]
      for (const { module, table, measured } of contestants) {
        measured.push(await coldStart(module, { ...mysqlVariables(server), TABLE: table }, events))
      }
      report((start + 1) / starts)
    }
    for (const { table } of contestants) await expectRows(server, table, starts)
    const cpu = (some: readonly ColdStart[]) => median(some.map(({ cpuMs }) => cpuMs))
    const [ours = 0, zod = 0] = contestants.map(({ measured }) => cpu(measured) - cpu(node))
    const row = (name: string, some: readonly ColdStart[]) => ({
      name,
      cells: [
        cpu(some),
        cpu(some) - cpu(node),
        (cpu(some) - cpu(node)) / zod,
        median(some.map(({ wallMs }) => wallMs)),
        median(some.map(({ rssMb }) => rssMb)),
      ],
    })
    return {
      title: 'Cold start of employees',
      text: `From the start of the process to the first event stored; ${starts} starts each. The peers are loaded as packages, and keep no versions.`,
      head: ['', 'CPU ms', 'over node', '× zod + mysql2', 'ms', 'RSS MB'],
      rows: [
        row('bare node', node),
        ...contestants.map(({ name, table, measured }) => ({ ...row(name, measured), isOurs: table === TABLE })),
      ],
      goals: [
        { what: 'employees, CPU over bare node', atMost: 100, measured: ours, unit: 'ms' },
        {
          what: "employees, of zod + mysql2's CPU over bare node",
          atMost: 0.75,
          measured: ours / zod,
          ratioOf: { ours, peer: zod, unit: 'ms' },
        },
      ],
    }
  },
}
