import { toChanges } from '../../../functions/employees/toChanges'
import { enrich } from '../../../functions/enrich/enrich'
import { reconcile } from '../../../functions/reconcile/reconcile'
import { aboutChange, aboutUsers, pushedEvent } from '../../../local/dingtalk/events'
import { connectorBody } from '../../../local/sender/person'
import { systemClock } from '../../../shared/clock'
import { createDingtalkClient } from '../../../shared/dingtalk/directory/client'
import { createDirectory } from '../../../shared/dingtalk/directory/directory'
import { createDirectoryEvents } from '../../../shared/dingtalk/directory/events'
import { parseCloudEvents } from '../../../shared/eventbridge/parseCloudEvents'
import { createPublisher } from '../../../shared/eventbridge/publisher'
import { startTestDingTalk } from '../../support/dingtalk'
import { readDocument } from '../../support/documents'
import { deliveredEvent } from '../../support/events'
import { keptLog } from '../../support/logs'
import { manualClock } from '../../support/manualClock'
import { shippedMapping } from '../../support/mapping'
import { temporaryFolder } from '../../support/temporaryFolder'
import { acceptAll } from '../../support/webhook'

const CORPORATION = 'dinga1b2c3d4e5f60718'
/** They are about the event that came last. */
const ABOUT_EVENTS = ['lastAction', 'lastEventId', 'lastEventTime', 'syncState']

/** How soon a column has its value after somebody was hired, the soonest first. */
const WHEN = ['at once', 'seconds', 'night', 'with a change', '–'] as const
const CHINESE_WHEN = ['即时', '数秒', '夜间', '变更时', '–']
type When = (typeof WHEN)[number]

/** By what the columns are filled: the events themselves, and what reads the organisation. */
const WAYS: readonly [way: string, by: readonly string[]][] = [
  ['connector', ['connector']],
  ['native', ['native', 'native later']],
  ['both', ['connector', 'native', 'native later']],
  // enrich leaves a connector's events alone: they carry what there is to say
  ['connector, key', ['connector', 'walk']],
  ['native, key', ['native', 'native later', 'enrich', 'walk']],
  ['both, key', ['connector', 'native', 'native later', 'enrich', 'walk']],
  // of whom no event has told: who was there before
  ['there before, key', ['walk']],
]
const WHEN_BY: Readonly<Record<string, When>> = {
  connector: 'at once',
  native: 'at once',
  'native later': 'with a change',
  enrich: 'seconds',
  walk: 'night',
}

const folder = temporaryFolder()

/** The columns that each of them fills for somebody of an organisation. */
const filled = new Map<string, Set<string>>()

beforeAll(async () => {
  // of now, so that DingTalk's list of leavers has somebody
  const clock = manualClock(Date.now())
  const dingtalk = await startTestDingTalk({ folder, people: 200, corpId: CORPORATION, clock })
  try {
    await dingtalk.control('settings', { perSecond: 100_000, banAfter: 1_000_000 })
    const { people } = await dingtalk.truth()
    const native = (type: string, details: object) =>
      deliveredEvent(JSON.parse(pushedEvent(type, CORPORATION, Date.now(), { ...details }).json))
    const ids = people.map(({ userid }) => userid)
    const hires = [native('user_add_org', aboutUsers(ids))]
    const connector = (action: string) =>
      people.map(({ userid, name }) => deliveredEvent(connectorBody(action, { userId: userid, name })))
    // a leave sets other columns, too, and fills none of them for somebody who is hired
    const leftAt = (...leaves: object[]) => [...columnsOf(leaves)].filter((column) => column === 'leftAt')
    filled.set(
      'connector',
      new Set([...columnsOf(connector('user_add_org')), ...leftAt(...connector('user_leave_org'))]),
    )
    filled.set('native', new Set([...columnsOf(hires), ...leftAt(native('user_leave_org', aboutUsers(ids)))]))
    const later = ['user_active_org', 'org_admin_add'].map((type) => native(type, aboutUsers(ids)))
    const changes = people.map((person) =>
      native('user_modify_org', aboutChange(person, { ...person, managerId: 'm' })),
    )
    filled.set('native later', columnsOf([...later, ...changes]))

    const config = {
      DINGTALK_APP_KEY: dingtalk.appKey,
      DINGTALK_APP_SECRET: dingtalk.appSecret,
      DINGTALK_API_ENDPOINT: `${dingtalk.url}/api`,
      DINGTALK_OAPI_ENDPOINT: `${dingtalk.url}/oapi`,
      DINGTALK_CALLS_PER_S: 10_000,
    }
    const client = createDingtalkClient(config, systemClock, () => Number.POSITIVE_INFINITY)
    let published: object[] = []
    const source = { name: 'my.dingtalk', busName: 'dingtalk', region: 'cn-hangzhou', accountId: '123456789012' }
    const tools = {
      directory: createDirectory(client),
      events: createDirectoryEvents(source, CORPORATION, [], Date.now),
      publisher: createPublisher((batch) => {
        published.push(...batch.map((json) => JSON.parse(json)))
        return acceptAll(batch)
      }, systemClock),
    }
    await enrich(parseCloudEvents(Buffer.from(JSON.stringify(hires))), {
      ...tools,
      corpId: CORPORATION,
      isLate: () => false,
    })
    filled.set('enrich', columnsOf(published))
    published = []
    await reconcile({ ...tools, now: Date.now, log: keptLog() })
    filled.set('walk', columnsOf(published))
    client.close()
  } finally {
    await dingtalk.close()
  }
}, 60_000)

/** The columns that one of the events at least sets to something. */
function columnsOf(events: readonly object[]): Set<string> {
  const { events: received } = parseCloudEvents(Buffer.from(JSON.stringify(events)))
  const defaults = { DINGTALK_CORP_ID: CORPORATION }
  const changes = received.flatMap((event) => toChanges(event, shippedMapping, defaults, Date.now()).changes)
  const isSet = (at: number) => changes.some(({ values }) => values[at] !== undefined && values[at] !== null)
  return new Set(shippedMapping.columns.flatMap(({ name }, at) => (isSet(at) ? [name] : [])))
}

function whenOf(column: string, by: readonly string[]): When {
  const times = by.filter((what) => filled.get(what)?.has(column)).map((what) => WHEN_BY[what] ?? '–')
  return WHEN.find((when) => times.includes(when)) ?? '–'
}

test.each([
  ['docs/native-callbacks.md', WHEN],
  ['docs/zh-CN/native-callbacks.md', CHINESE_WHEN],
])('%s says what each way to run it fills, and how soon', (name, words) => {
  const rows = [...readDocument(name).text.matchAll(/^\| `(\w+)` \| (.+) \|$/gm)]
  const written = new Map(rows.map(([, column = '', cells = '']) => [column, cells.split(' | ')]))
  const columns = shippedMapping.columns.map((column) => column.name).filter((column) => !ABOUT_EVENTS.includes(column))
  const computed = columns.map((column) => [
    column,
    WAYS.map(([, by]) => words[WHEN.indexOf(whenOf(column, by))] ?? 'no word'),
  ])
  expect(Object.fromEntries(columns.map((column) => [column, written.get(column)]))).toEqual(
    Object.fromEntries(computed as [string, string[]][]),
  )
})
