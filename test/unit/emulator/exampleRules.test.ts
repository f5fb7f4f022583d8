import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { compilePattern } from '../../../emulator'
import { fillPlace } from '../../../emulator/config/fillVariables'
import { readEventBridgeFiles } from '../../../emulator/config/readEventBridgeFile'
import { ruleSlips } from '../../../local/stack/ruleSlips'
import { readMappings } from '../../../shared/mapping/readMappings'
import { events } from '../../fixtures/dingtalkEvents.json'
import { seedBody } from '../../fixtures/seedBody'
import { PROJECT, readDocument } from '../../support/documents'
import { rosterEvent, snapshotEvent } from '../../support/events'
import { APPENDED, appended, exampleMappings, examplesThatEnd, published, readExample } from '../../support/examples'

const shipped = fs.readFileSync(path.join(PROJECT, 'eventbridge.yaml'), 'utf8')
/** As `cat` appends them. */
const text = [shipped, ...APPENDED.map((name) => readExample(`${name}.rules.yaml`))].join('')
const { rules } = readEventBridgeFiles(
  fillPlace(text, { region: 'cn-hangzhou', accountId: '123456789012' }),
  'eventbridge.yaml',
  { invoke: async () => ({}) },
)[0]
const patternOf = (name: string) => JSON.parse(rules.find((rule) => rule.name === name)?.filterPattern ?? '') as Pattern
interface Pattern {
  data?: { body: { EventType: [object, { 'anything-but': string[] }] } }
}

/** Which of the examples' rules take what DingTalk posts. */
async function taking(posted: object): Promise<string[]> {
  const delivered = await published(posted)
  return APPENDED.filter((name) => delivered.some(({ event }) => compilePattern(patternOf(name)).matches(event)))
}

test('each has its rule, beside the shipped ones', () => {
  // `queue` is of an example that has no table
  expect(examplesThatEnd('.rules.yaml').sort()).toEqual(
    [...APPENDED, 'queue'].sort().map((name) => `${name}.rules.yaml`),
  )
  expect(rules.map(({ name }) => name)).toEqual(expect.arrayContaining(['employees', ...APPENDED]))
})

const files = examplesThatEnd('.event.json')

test.each(files)('%s is taken by the rule of its own example, and by employees', async (file) => {
  const posted = JSON.parse(readExample(file)) as object
  expect(await taking(posted)).toEqual([file.split(/[-.]/)[0]])
  const [delivered] = await published(posted)
  expect(compilePattern(patternOf('employees')).matches(delivered?.event ?? {})).toBe(true)
})

test('each example has an event file', () => {
  expect([...new Set(files.map((file) => file.split(/[-.]/)[0]))].sort()).toEqual([...APPENDED])
})

/** As an internal app is told, by HTTP; the other forms the rules leave to `employees`. */
const mappings = exampleMappings()
const native = events.filter(({ form, event }) => form === 'native' && 'EventType' in event)
const ofTable: Record<string, string> = {
  ...{ approvals: 'approvals', approval_tasks: 'approvals', attendance_records: 'attendance', hr_changes: 'hr' },
  ...{
    meeting_rooms: 'meetings',
    room_bookings: 'meetings',
    meetings: 'meetings',
    user_roles: 'roles',
    roles: 'roles',
  },
}

test.each(native)('$name is taken by the rule of its tables', async ({ event }) => {
  const known = mappings.filter(({ events }) =>
    Object.keys(events).some((name) => name.split('/')[0] === event.EventType),
  )
  expect(await taking(event)).toEqual([...new Set(known.map(({ table }) => ofTable[table]))])
})

test('an approval whose fields have capitals is not left to nobody', async () => {
  const approval = { EventType: 'bpms_instance_change', Type: 'finish', ProcessInstanceId: 'p', CorpId: 'c' }
  expect(await taking(approval)).toEqual(['approvals'])
})

test('what no table names is not delivered', async () => {
  expect(await taking({ EventType: 'bpms_task_change', type: 'comment', taskId: 1 })).toEqual([])
})

test('npm start finds nothing to mention in them, where the documents are there', () => {
  const place = { source: 'my.dingtalk', busName: 'dingtalk', sources: ['my.dingtalk'] }
  expect(ruleSlips(rules, place, readMappings(appended(), 'mapping.yaml'))).toEqual([])
})

describe('the rule employees without the events of another, as the document has it', () => {
  const [yaml = ''] = readDocument('docs/approvals-and-meetings.md')
    .blocks.filter(({ language }) => language === 'yaml')
    .map((block) => block.text)
  const without = { ...patternOf('employees'), ...(parse(yaml) as Pattern) }

  test('it leaves out those of approvals, and nothing else', async () => {
    for (const { form, event } of native) {
      const [delivered] = form === 'native' ? await published(event) : []
      if (delivered === undefined) continue
      const isApproval = (await taking(event)).includes('approvals')
      expect([event.EventType, compilePattern(without).matches(delivered.event)]).toEqual([
        event.EventType,
        !isApproval,
      ])
    }
  })

  test('and takes what has no EventType', async () => {
    const stream = events.filter(({ form }) => form !== 'native').map(({ event }) => event)
    const others = await Promise.all([JSON.parse(seedBody) as object, ...stream].map((posted) => published(posted)))
    const all = [
      ...others.flat().map(({ event }) => event),
      snapshotEvent({ EventTime: 1 }),
      rosterEvent({ EventTime: 1 }),
    ]
    expect(all.filter((event) => !compilePattern(without).matches(event))).toEqual([])
  })
})
