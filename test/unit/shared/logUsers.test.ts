import * as z from 'zod/mini'
import { hashedUsers, hashUserId, logHashKeyVariable, userIdsOf } from '../../../shared/logUsers'

const KEY = 'a key of sixteen letters'

test('a user id is told as a keyed hash', () => {
  // printf p1 | openssl dgst -sha256 -hmac 'a key of sixteen letters' | cut -c1-16
  expect(hashUserId('p1', KEY)).toBe('b7c83b27a5f1fc32')
})

test('users are told as hashes, of several bodies, and of nobody without a key', () => {
  const hash = (userId: string) => hashUserId(userId, KEY)
  expect(hashedUsers([{ userId: 'p1' }, null, { UserId: ['p2', 'p3'] }], KEY)).toBe(
    ['p1', 'p2', 'p3'].map(hash).join(' '),
  )
  expect(hashedUsers([{ userId: 'p1' }], undefined)).toBeUndefined()
})

test('not all of very many users are told', () => {
  const UserId = Array.from({ length: 500 }, (_, at) => `p${at}`)
  expect(hashedUsers([{ UserId }], KEY)?.length).toBeLessThan(500 * 16)
})

test.each([
  ['sixteen letters!', true],
  ['fifteen letters', false],
  [undefined, true],
])('LOG_HASH_KEY may be %j: %s', (key, taken) => {
  expect(z.safeParse(logHashKeyVariable, key).success).toBe(taken)
})

test.each<[string, unknown, string[]]>([
  ['a connector', { userId: 'p1' }, ['p1']],
  ['the directory', { userid: 'p1' }, ['p1']],
  ['a callback', { UserId: ['p1', 'p2'] }, ['p1', 'p2']],
  ['a list that is text', { UserId: '["p1","p2"]' }, ['p1', 'p2']],
  ['a list that names one twice', { UserId: ['p1', ' p1 ', 'p2'] }, ['p1', 'p2']],
  ['a list of which one cannot be read', { UserId: ['p1', null, { id: 'p3' }, 'p2'] }, ['p1', 'p2']],
  ['a number', { userId: 42 }, ['42']],
  ['a list of numbers', { userId: [42, '43'] }, ['42', '43']],
  ['an id with blanks', { userId: ' p1\n' }, ['p1']],
  ['one empty spelling, and another', { userId: '', UserId: ['p1'] }, ['p1']],
  ['a frame of Stream', { type: 'EVENT', headers: {}, data: '{"userId":["p1","p2"]}' }, ['p1', 'p2']],
  ['Stream as the SDK shows it', { eventType: 'user_leave_org', data: { userid: 7 } }, ['7']],
  ['an event that is JSON text', '{"userId":"p1"}', ['p1']],
  ['a leave of SyncHTTP', { syncAction: 'user_leave_org', corp_id: 'c', biz_id: 'p1', biz_type: 13 }, ['p1']],
  ['a leave of SyncHTTP whose type is text', { syncAction: 'user_leave_org', biz_id: 'p1', biz_type: '13' }, ['p1']],
  ['a leave with no type', { syncAction: 'user_leave_org', biz_id: 'p1' }, ['p1']],
  ['a row of SyncHTTP with both', { userId: 'p1', biz_id: 'p2', biz_type: 13 }, ['p1']],
  ['a department of SyncHTTP', { syncAction: 'org_dept_create', biz_id: '1', biz_type: 14 }, []],
  ['a flag', { userId: true }, []],
  ['a number beyond 2^53', { userId: 2 ** 53 }, []],
  ['an object', { userId: { id: 'p1' } }, []],
  ['an object that cannot be made text', { userId: { toString: 1 }, UserId: 'p1' }, []],
  ['blanks, and another spelling', { userId: ' ', UserId: 'p1' }, ['p1']],
  ['text that is no JSON', 'userId=p1', []],
  ['no object', null, []],
  ['nothing', undefined, []],
])('the ids in %s', (_, body, ids) => {
  expect(userIdsOf(body)).toEqual(ids)
})
