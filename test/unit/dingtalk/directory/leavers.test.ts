import { createDirectory } from '../../../../shared/dingtalk/directory/directory'
import { type Asked, type DingtalkServer, dingtalkServer } from '../../../support/dingtalkServer'
import { directoryTools } from '../../../support/organisation'

let server: DingtalkServer
let tools: ReturnType<typeof directoryTools>

beforeEach(async () => {
  server = await dingtalkServer()
  tools = directoryTools(server)
})
afterEach(async () => {
  tools.client.close()
  await server.close()
})

const leaveRecords = (from: number, to: number) => tools.tools.directory.leaveRecords(from, to)
const answer = (path: string, reply: (asked: Asked) => object) =>
  server.answer((asked) => (asked.path === path ? reply(asked) : undefined))
async function all<T>(pages: AsyncGenerator<T>): Promise<T[]> {
  const found: T[] = []
  for await (const page of pages) found.push(page)
  return found
}

const records = (nextToken: unknown, ...list: object[]) => ({ nextToken, records: list })
const record = { userId: '0147', leaveTime: '2026-01-02T03:04:05Z', name: '林晓满', leaveReason: 'leave' }

test.each<[string, unknown]>([
  ['0', '0'],
  ['a number', 0],
  ['nothing', ''],
  ['no token', undefined],
  ['null', null],
  ['the same token again', 'second'],
])('page by page, until the token is %s', async (_, last) => {
  answer('v1.0/contact/empLeaveRecords', ({ query }) =>
    query.get('nextToken') === '0' ? records('second', record) : records(last, { ...record, userId: '0148' }),
  )
  const from = Date.parse('2026-01-01T00:00:00.789Z')
  const pages = await all(leaveRecords(from, from + 86_400_000))
  expect(pages.flat()).toEqual([
    { userId: '0147', leftAt: Date.parse('2026-01-02T03:04:05Z') },
    { userId: '0148', leftAt: Date.parse('2026-01-02T03:04:05Z') },
  ])
  expect(Object.fromEntries(server.askedFor('v1.0/contact/empLeaveRecords')[0]?.query ?? [])).toEqual({
    startTime: '2026-01-01T00:00:00Z',
    endTime: '2026-01-02T00:00:00Z',
    nextToken: '0',
    maxResults: '50',
  })
})

test.each([
  ['a time that is none', 'yesterday'],
  ['a time in a list', [1767323045000]],
  ['a time that is an object', { toString: 'planted' }],
  ['a fraction', 0.5],
  ['0', 0],
  ['no time', undefined],
  ['null', null],
])('a record with %s says nothing', async (_, leaveTime) => {
  answer('v1.0/contact/empLeaveRecords', () => records('0', { userId: '0147', leaveTime }))
  expect(await all(leaveRecords(0, 1))).toEqual([[]])
})

test('a time may be milliseconds', async () => {
  answer('v1.0/contact/empLeaveRecords', () => ({ records: [{ userId: '0147', leaveTime: 1767323045000 }] }))
  expect(await all(leaveRecords(0, 1))).toEqual([[{ userId: '0147', leftAt: 1767323045000 }]])
})

test('it ends some time, whatever DingTalk answers', async () => {
  let asked = 0
  const endless = createDirectory({
    call: async (_, schema) => ({ value: schema.parse({ nextToken: String(++asked), records: [] }), askedAt: 0 }),
  })
  for await (const _ of endless.leaveRecords(0, 1)) if (asked > 2000) break
  expect(asked).toBe(2000)
})
