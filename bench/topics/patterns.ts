import fs from 'node:fs'
import path from 'node:path'
import { type Random, seededRandom } from '../../shared/seededRandom'
import { spinAll } from '../harness/spinAll'
import type { Topic } from '../topic'

const SIZES = [1, 50, 1000]
const NAMES = { ours: 'emulator', naive: 'naive matcher' }

/** How many events are matched in a second of CPU against the rules of a bus. */
export const patterns: Topic = {
  name: 'patterns',
  async measure({ rounds, quick, folder, report }) {
    const random = seededRandom(16)
    const items = Array.from({ length: quick ? 100 : 1000 }, (_, n) => eventOf(n, random))
    const sets = SIZES.flatMap((size) => [
      {
        name: `${size} mixed`,
        rules: Array.from({ length: size }, (_, n) => ({
          name: `r${n}`,
          pattern: size === 1 ? whole : mixed(n, random),
        })),
      },
      { name: `${size} exact`, rules: Array.from({ length: size }, (_, n) => ({ name: `r${n}`, pattern: exact(n) })) },
    ])
    const inputs = sets.map(({ name, rules }) => {
      const file = path.join(folder, `patterns-${name.replace(' ', '-')}.json`)
      fs.writeFileSync(file, JSON.stringify({ config: rules, items }))
      return { name, file }
    })
    const modules = { [NAMES.ours]: 'ours/patterns.ts', [NAMES.naive]: 'peers/naivePatterns.mjs' }
    const rate = await spinAll({ modules, inputs, rounds, ms: quick ? 100 : 1000, folder, report })
    return {
      title: 'Event patterns',
      text: 'Events a CPU second against the rules of one bus, events parsed. Mixed rules have every operator and up to five fields, exact ones a source and a type. The emulator also says why each other rule does not match.',
      head: ['rules', NAMES.ours, NAMES.naive, 'ratio'],
      rows: sets.map(({ name }) => ({
        name,
        cells: [rate(NAMES.ours, name), rate(NAMES.naive, name), rate(NAMES.ours, name) / rate(NAMES.naive, name)],
        isOurs: true,
      })),
      goals: [
        { what: 'events a CPU second, one mixed rule', atLeast: 1e6, measured: rate(NAMES.ours, '1 mixed') },
        {
          what: 'beside the naive matcher, 1,000 mixed rules',
          atLeast: 2,
          measured: rate(NAMES.ours, '1000 mixed') / rate(NAMES.naive, '1000 mixed'),
          unit: '×',
          ratioOf: { ours: rate(NAMES.ours, '1000 mixed'), peer: rate(NAMES.naive, '1000 mixed'), unit: 'events/s' },
        },
      ],
    }
  },
}

const ACTIONS = [
  'user_add_org',
  'user_modify_org',
  'user_leave_org',
  'org_dept_create',
  'org_dept_modify',
  'label_user_change',
]

/** Of the connector's shape; of 50 sources, 200 types. */
function eventOf(n: number, random: Random) {
  const body = {
    syncAction: random.of(ACTIONS),
    userId: `user${random.below(5000)}`,
    name: `小明 ${n}`,
    active: random.below(2) === 0,
    level: random.below(1000),
    ip: `10.0.${random.below(64)}.${random.below(256)}`,
    department: [random.below(300), random.below(300)],
    ...(random.below(3) === 0 && { unionId: `union${n}` }),
  }
  return {
    ...{
      id: `event-${n}`,
      source: `my.source-${random.below(50)}`,
      specversion: '1.0',
      type: `type-${random.below(200)}:Events:HTTPEvent`,
    },
    ...{
      datacontenttype: 'application/json',
      time: '2026-01-31T12:00:00+08:00',
      subject: `acs:eb:cn:${n}`,
      aliyuneventbusname: 'bus',
    },
    data: { headers: { host: 'localhost' }, path: '/webhook/putEvents', body, httpMethod: 'POST', queryString: {} },
  }
}

function exact(n: number) {
  return { source: [`my.source-${n % 50}`], type: [`type-${n % 200}:Events:HTTPEvent`] }
}

/** One that takes every event: each of its fields is looked at. */
const whole = {
  source: [{ prefix: 'my.' }],
  type: [{ suffix: ':HTTPEvent' }],
  data: {
    body: {
      syncAction: [{ 'anything-but': 'chat_disband' }],
      level: [{ numeric: ['>=', 0, '<', 1000] }],
      department: [{ numeric: ['>=', 0] }],
    },
  },
}

/** Each with a type, and two to four of the other fields. */
function mixed(n: number, random: Random) {
  const fields = [
    ['syncAction', [random.of(ACTIONS), { prefix: 'org_' }]],
    ['userId', [{ suffix: String(random.below(100)) }]],
    ['name', [{ contains: String(random.below(100)) }]],
    ['active', [true]],
    ['level', [{ numeric: ['>', random.below(500), '<=', 500 + random.below(500)] }]],
    ['ip', [{ cidr: `10.0.${random.below(64)}.0/20` }]],
    ['department', [random.below(300), random.below(300)]],
    ['unionId', [{ exists: random.below(2) === 0 }]],
    ['syncAction', [{ 'anything-but': ['user_leave_org', random.of(ACTIONS)] }]],
  ] as const
  const body = Object.fromEntries(random.shuffled(fields).slice(0, 2 + random.below(3)))
  return {
    ...(n % 2 === 0 && { source: [{ prefix: `my.source-${random.below(10)}` }] }),
    type: [{ prefix: `type-${random.below(200)}` }],
    data: { body },
  }
}
