import fs from 'node:fs'
import path from 'node:path'
import { spinAll } from '../harness/spinAll'
import type { Topic } from '../topic'

const OURS = 'mapping'
const PEER = 'jsonpath-plus'
const FIELDS = [
  'dingId',
  'name',
  'active',
  'isAdmin',
  'isBoss',
  'isSenior',
  'isHide',
  'position',
  'userId',
  'nested.title',
]

/** How many events are read in a second of CPU, ten columns each. */
export const mapping: Topic = {
  name: 'mapping',
  async measure({ rounds, quick, folder, report }) {
    const file = path.join(folder, 'mapping.json')
    const config = FIELDS.map((name) => `$.data.body.${name}`)
    fs.writeFileSync(file, JSON.stringify({ config, items: Array.from({ length: 500 }, (_, n) => eventOf(n)) }))
    const modules = { [OURS]: 'ours/mapping.ts', [PEER]: 'peers/jsonpathMapping.mjs' }
    const rate = await spinAll({
      ...{ modules, inputs: [{ name: 'ten fields', file }], rounds, ms: quick ? 200 : 1000, folder, report },
    })
    const [ours, peer] = [rate(OURS, 'ten fields'), rate(PEER, 'ten fields')]
    return {
      title: 'Mapping of ten fields',
      text: 'Events a CPU second, parsed. Ours also finds fields in two places, in the other case of their first letter, and within JSON as text.',
      head: ['by', 'events/s', 'ratio'],
      rows: [
        { name: OURS, cells: [ours, ours / peer], isOurs: true },
        { name: PEER, cells: [peer, 1] },
      ],
      goals: [
        {
          ...{ what: `beside ${PEER}`, atLeast: 50, measured: ours / peer, unit: '×' },
          ratioOf: { ours, peer, unit: 'events/s' },
        },
      ],
    }
  },
}

function eventOf(n: number) {
  const isEven = n % 2 === 0
  const flags = { active: isEven, isAdmin: !isEven, isBoss: isEven, isSenior: !isEven, isHide: isEven }
  return {
    ...{ id: `event-${n}`, source: 'my.dingtalk', specversion: '1.0', type: 'eventbridge:Events:HTTPEvent' },
    time: '2026-01-31T12:00:00+08:00',
    data: {
      ...{ headers: {}, path: '/webhook/putEvents', httpMethod: 'POST', queryString: {} },
      body: {
        ...{
          syncAction: 'user_modify_org',
          userId: `user${n}`,
          name: `小明 ${n}`,
          dingId: `$:LWCP_v1:$${n}==`,
          ...flags,
        },
        ...{
          position: `t${n}`,
          department: [n],
          orderInDepts: `{1:${n}}`,
          ...(isEven && { nested: { title: 'lead' } }),
        },
      },
    },
  }
}
