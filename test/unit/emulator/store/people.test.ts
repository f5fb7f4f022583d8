import { type Person, peopleOf } from '../../../../emulator/store/people'
import type { Store } from '../../../../emulator/store/store'
import { parseLossless } from '../../../../shared/json'
import { acceptedEvent, temporaryStores } from '../../../support/store'

const eventOf = (body: unknown) => JSON.stringify({ id: 'e', source: 's', type: 't', data: { body } })
const [ming, hong] = [
  { userId: '42', name: '小明' },
  { userId: '43', name: '小红' },
]

test.each<[string, unknown, Person[]]>([
  ['of a connector', { syncAction: 'user_add_org', userId: '42', name: '小明' }, [ming]],
  ['of a connector, without a name', { syncAction: 'user_leave_org', userId: '42', name: ' ' }, [{ userId: '42' }]],
  ['native, about one', { EventType: 'user_leave_org', UserId: ['42'] }, [{ userId: '42' }]],
  ['native, about several', { UserId: ['42', '43', '42'], name: '小明' }, [{ userId: '42' }, { userId: '43' }]],
  ['native, their list as text', { userId: '["42","43"]' }, [{ userId: '42' }, { userId: '43' }]],
  ['with what changed', { userId: ['42'], diffInfo: { curr: { name: '小明' }, userid: '42' } }, [ming]],
  [
    'with what changed, of one of several',
    { userId: ['42', '43'], diffInfo: { curr: { name: '小红' }, userid: '43' } },
    [{ userId: '42' }, hong],
  ],
  ['with what changed as text', { userId: ['42'], diffInfo: '{"curr":{"name":"小明"},"userid":"42"}' }, [ming]],
  ['of Stream', { eventType: 'user_add_org', data: '{"userId":["42"]}' }, [{ userId: '42' }]],
  ['a row of SyncHTTP', { biz_type: 13, biz_id: '42', userid: '42', name: '小明' }, [ming]],
  ['a row about a department', { biz_type: 14, biz_id: '7', name: '财务部' }, []],
  ['about roles', { EventType: 'label_user_change', UserIdList: ['42', '43'] }, [{ userId: '42' }, { userId: '43' }]],
  ['as JSON text', '{"userId":"42","name":"小明"}', [ming]],
  ['a name that is none', { userId: '42', name: { first: '小明' } }, [{ userId: '42' }]],
  ['about nobody', { syncAction: 'org_dept_create', name: '财务部' }, []],
  ['without a body', undefined, []],
  ['a text', '小明 has joined', []],
])('an event %s', (_, body, people) => {
  expect(peopleOf(eventOf(body))).toEqual(people)
  expect(peopleOf(eventOf(body), parseLossless(eventOf(body)))).toEqual(people)
})

test.each(['141146379001234567', '[141146379001234567]', '9007199254740993', '42', '4.2e1'])(
  'a user id that is the number %s is read alike, whether the event was parsed before or not',
  (userId) => {
    const json = `{"data":{"body":{"userId":${userId},"name":"小明"}}}`
    expect(peopleOf(json, parseLossless(json))).toEqual(peopleOf(json))
  },
)

test.each(['', 'no JSON', 'null', '[]', '{"data":"小明"}'])('an event %j is about nobody', (json) => {
  expect(peopleOf(json)).toEqual([])
})

describe('somebody is found', () => {
  const openTemporary = temporaryStores()
  let store: Store

  beforeAll(async () => {
    store = openTemporary()
    const bodies = [
      { userId: '42', name: '小明' },
      { userId: '43', name: '小红' },
      { userId: '44', name: '小明' },
      { UserId: ['42', '43'] },
      { userId: '43', name: '小虹' },
      { name: '财务部' },
    ]
    await store.accept(bodies.map((body, n) => acceptedEvent({ id: `e${n}`, json: eventOf(body) })))
  })
  afterAll(() => store.close())

  test.each<[string, string, string[], string[]]>([
    ['by their user id', '42', ['42'], ['e3', 'e0']],
    ['by their name, with those events that do not have it', '小红', ['43'], ['e4', 'e3', 'e1']],
    ['by a name that they have had since', '小虹', ['43'], ['e4', 'e3', 'e1']],
    ['with all who are called the same', ' 小明 ', ['42', '44'], ['e3', 'e2', 'e0']],
    ['by no part of a name', '小', [], []],
    ['by no wildcard', '%', [], []],
    ['by nothing', '', [], []],
    ['nor is a department', '财务部', [], []],
  ])('%s', (_, named, userIds, ids) => {
    expect(store.people.find(named)).toEqual(userIds)
    expect(store.traces.list({ people: userIds }, 10).map(({ id }) => id)).toEqual(ids)
  })
})
