import { mapEvent } from '../../../../cli/map/mapEvent'
import { serverWordsInChinese } from '../../../../emulator/tracePage/client/serverWords'
import { readMappings } from '../../../../shared/mapping/readMappings'
import { rosterEvent, snapshotEvent } from '../../../support/events'
import { testProject } from '../../../support/mapProject'
import { shippedMappings } from '../../../support/mapping'

const [things] = readMappings(
  `
table: things
action: .EventType
subtype: .type
time: $.time
each: .list
events: { thing/made: {}, thing/gone: { type: "my:Gone" } }
failed: { path: .errcode }
key: { id: { type: VARCHAR(8) NOT NULL, from: "@.id" } }
columns: { name: { slot: 0, type: VARCHAR(8) NULL, from: .name, bad: clear } }
`,
  'mapping.yaml',
)
const project = testProject({ mappings: things ? [...shippedMappings, things] : [] })

/** Every sentence that the card may show of what becomes of a text. */
function sentences(text: string): string[] {
  const { fault, notes, events } = mapEvent(text, project, [], Date.now())
  const ofTables = events
    .flatMap(({ tables }) => tables)
    .flatMap(({ why, faults, rows }) => {
      return [why, ...faults, ...rows.flatMap(({ columns }) => columns.map((column) => column.why))]
    })
  return [fault?.message, ...notes, ...ofTables].filter((sentence) => sentence !== undefined)
}

const thing = (fields: object) => JSON.stringify({ EventType: 'thing', type: 'made', list: [{ id: 'a' }], ...fields })
const person = (fields: object) => JSON.stringify({ syncAction: 'user_modify_org', userId: '1', ...fields })

test.each([
  person({ active: true, name: '', isAdmin: 'never', dingId: 'é', mobile: '1' }),
  person({ errcode: 1 }),
  person({ syncAction: 'user_ad_org', userId: [] }),
  person({ syncAction: 42 }),
  person({ userId: ['1', true, 'x'.repeat(65), '小'] }),
  person({ syncAction: 'user_snapshot' }),
  thing({ name: 'too long a name' }),
  thing({ name: {} }),
  thing({ list: [] }),
  thing({ list: 'none' }),
  thing({ list: [{}], errcode: 1 }),
  thing({ type: 'lost' }),
  thing({ type: undefined }),
  thing({ type: 'gone' }),
  JSON.stringify(snapshotEvent({ userid: '1' })),
  JSON.stringify(rosterEvent({ ids: 'all' })),
  JSON.stringify(rosterEvent({ ids: [], after: 7.5, CorpId: ['a', 'b'] })),
  '{"EventType":"check_url"}',
  '{"EventType":"SYNC_HTTP_PUSH_HIGH"}',
  '{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[{"id":1,"biz_type":13,"biz_data":"{"}]}',
  '[{"id":"e","source":"s","data":{}},{"id":"e"}]',
  ...['', '"a"', 'a', '{"a":1,}', '{"a":1', '[1', '[1,]', '{"a" 1}', '{"a":}', '{"a":1 "b"}', '{"a":"', '{"a":"\n"}'],
  ...['{"a":"\\x"}', '{"a":1.}', '{"a":1}}', '{"a"：1}', "{'a':1}", '{"a":1}#', '{"a":　1}', '{"encrypt":"AAAA"}'],
  `${'{"a":'.repeat(70)}1${'}'.repeat(70)}`,
])('%s', (text) => {
  const said = sentences(text)
  expect(said).not.toEqual([])
  // what a value is, and names of the mapping, may be in any language
  expect(said.filter((sentence) => !/\p{Script=Han}/u.test(serverWordsInChinese(sentence).replace(/小/g, '')))).toEqual(
    [],
  )
  expect(
    said
      .map(serverWordsInChinese)
      .join()
      .replace(/"[^"]*"/g, ''),
  ).not.toMatch(/\b(?:is|has|the|cannot|nothing)\b/)
})
