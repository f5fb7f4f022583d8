import { planSending, type SendArguments } from '../../../../cli/send/planSending'
import { listEvents, whereToLook } from '../../../../cli/send/whatBecomes'
import { shippedMappings } from '../../../support/mapping'

const EVENTS_OF_DINGTALK = shippedMappings
  .flatMap(({ events }) => Object.keys(events))
  .filter((name) => !name.endsWith('_snapshot'))
  .toSorted()

test('--list: each event, its forms, and what becomes of it', () => {
  const lines = listEvents(shippedMappings)
    .split('\n')
    .map((line) => line.trim().split(/ {2,}/))
  expect(lines[0]).toEqual(['event', 'connector', 'native', 'native-old', 'stream', 'synchttp', 'then'])
  const find = (event: string) => lines.find(([name]) => name === event)?.slice(1)
  expect(find('user_add_org')).toEqual(['default', 'yes', 'yes', 'yes', 'yes', 'upserts into user_info'])
  expect(find('org_admin_add')).toEqual(['–', 'default', 'yes', 'yes', '–', 'upserts into user_info'])
  expect(find('org_update')).toEqual(['–', '–', '–', '–', 'default', 'ignored: not in mapping.yaml'])
  expect(find('check_url')).toEqual(['–', 'default', '–', '–', '–', 'answered, not published'])
  const upserting = lines.filter((cells) => cells.at(-1)?.startsWith('upserts')).map(([name]) => name)
  expect(upserting.toSorted()).toEqual(EVENTS_OF_DINGTALK)
})

test('an event that a table names with its subtype is stored', () => {
  const [first, ...others] = shippedMappings
  const events = { 'label_user_change/add': { set: {}, wins: false } }
  const subtype = [['data', 'body', 'action']]
  const listed = listEvents([{ ...(first as (typeof shippedMappings)[0]), events, subtype }, ...others])
  expect(listed).toMatch(/^ *label_user_change .*upserts into user_info$/m)
})

test.each<[string, SendArguments, string | undefined]>([
  ['user_add_org', { 'user-id': '0042' }, 'npm run explain -- 0042  event trace: http://127.0.0.1:8080/'],
  ['user_leave_org', { 'user-id': '0042,0043' }, 'npm run explain -- 0042  event trace: http://127.0.0.1:8080/'],
  ['user_add_org', { 'user-id': "it's" }, "npm run explain -- 'it'\\''s'  event trace: http://127.0.0.1:8080/"],
  ['label_user_change', {}, 'ignored: not in mapping.yaml  event trace: http://127.0.0.1:8080/'],
  ['org_dept_create', {}, 'upserts into departments  event trace: http://127.0.0.1:8080/'],
  ['check_url', {}, undefined],
])('where to look after %s %p', (event, args, line) => {
  expect(whereToLook(planSending([event], args), shippedMappings, 'http://127.0.0.1:8080')).toBe(line)
})
