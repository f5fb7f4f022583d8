import { type Evidence, toChanges } from '../../../functions/employees/toChanges'
import { deliveredEvent } from '../../support/events'
import { shippedMapping } from '../../support/mapping'

/** What an event says of each whom it names, but for the event itself. */
function changed(userId: string[], diffInfo: unknown, witness?: (evidence: Evidence) => void): object[] {
  const event = deliveredEvent({ EventType: 'user_modify_org', userId, diffInfo })
  const received = { id: 'e', source: 's', event, text: '' }
  const { changes } = toChanges(received, shippedMapping, {}, Date.parse('2026-06-01'), witness)
  const said = shippedMapping.columns
    .map(({ name }, at) => [name, at] as const)
    .filter(([name]) => !/^last|syncState/.test(name))
  return changes.map(({ key, values }) => ({
    id: key[1],
    ...Object.fromEntries(said.filter(([, at]) => values[at] !== undefined).map(([name, at]) => [name, values[at]])),
  }))
}

test.each<[string, string[], unknown, object[]]>([
  [
    'about one of several is not written to the others',
    ['a', 'b'],
    { prev: {}, curr: { name: '甲' }, userid: 'a' },
    [{ id: 'a', name: '甲' }, { id: 'b' }],
  ],
  [
    'about one by another spelling is not either',
    ['a', 'b'],
    { curr: { name: '甲' }, userId: 'b' },
    [{ id: 'a' }, { id: 'b', name: '甲' }],
  ],
  ['about nobody by name is about the only one', ['a'], { prev: {}, curr: { name: '甲' } }, [{ id: 'a', name: '甲' }]],
  ['about nobody by name is about none of several', ['a', 'b'], { curr: { name: '甲' } }, [{ id: 'a' }, { id: 'b' }]],
  ['about somebody else is about nobody', ['a'], { curr: { name: '甲' }, userid: 'b' }, [{ id: 'a' }]],
  ['without what was before removes nothing', ['a'], { curr: { name: '甲' }, userid: 'a' }, [{ id: 'a', name: '甲' }]],
  ['without what is now removes nothing either', ['a'], { prev: { jobNumber: '1' }, userid: 'a' }, [{ id: 'a' }]],
  [
    'removes a field in JSON text, too',
    ['a'],
    { prev: '{"jobNumber":"1"}', curr: '{"name":"甲"}', userid: 'a' },
    [{ id: 'a', name: '甲', jobNumber: null }],
  ],
  [
    'in two parts holds in both, and the later counts where they differ',
    ['a'],
    [
      { userid: 'a', prev: { jobNumber: '1' }, curr: { name: '甲', managerUserid: 'm1' } },
      { userid: 'a', prev: { hiredDate: '2018-12-17' }, curr: { name: '乙' } },
    ],
    [{ id: 'a', name: '乙', managerUserId: 'm1', jobNumber: null, hiredDate: null }],
  ],
  [
    'counts as the later part has it, whatever the earlier one was',
    ['a'],
    [
      { userid: 'a', curr: { name: { zh: '甲' } } },
      { userid: 'a', curr: { name: '乙' } },
    ],
    [{ id: 'a', name: '乙' }],
  ],
])('what has changed %s', (_, ids, diffInfo, expected) => {
  expect(changed(ids, diffInfo)).toEqual(expected)
})

test('whoever explains a change is told by what it was read', () => {
  const diffInfo = { prev: { name: '甲', title: 'x' }, curr: { name: '乙' }, userid: 'b' }
  const told: Evidence[] = []
  changed(['a', 'b'], diffInfo, (evidence) => told.push(evidence))
  const rule = shippedMapping.events['user_modify_org']
  const all = { rule, failed: undefined, time: Date.parse('2022-05-13T15:28:29.504+08:00') }
  const body = { EventType: 'user_modify_org', userId: ['a', 'b'] }
  expect(told).toMatchObject([
    { ...all, key: ['', 'a'], event: { data: { body } }, removed: new Set() },
    {
      ...all,
      key: ['', 'b'],
      event: { data: { body: { ...body, diffInfo } } },
      removed: new Set(['["data","body","diffInfo","curr","title"]']),
    },
  ])
})
