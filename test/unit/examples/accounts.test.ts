import type { IncomingMessage, ServerResponse } from 'node:http'
import { followRow, type Person } from '../../../examples/accounts/accounts'
import { type Account, createScim, type Scim } from '../../../examples/accounts/scim'
import { startServer, type TestServer } from '../../support/rawHttp'

const person = (fields: Partial<Person> = {}): Person => {
  return { userId: 'u1', name: '小明', hasLeft: false, heardAt: 1_000, ...fields }
}

/** One row after the other, the last again and again. */
function rows(...found: (Person | undefined)[]) {
  const reads = { count: 0 }
  const readRow = async () => found[Math.min(reads.count++, found.length - 1)]
  return { reads, readRow }
}

function memory(...accounts: Account[]) {
  const calls: string[] = []
  const scim: Scim = {
    find: async (attribute, value) => accounts.find((account) => account[attribute] === value),
    async create(attributes) {
      calls.push(`create ${JSON.stringify(attributes)}`)
      accounts.push({ id: 'new', ...attributes })
      return true
    },
    async patch(id, attributes) {
      calls.push(`patch ${id} ${JSON.stringify(attributes)}`)
      Object.assign(accounts.find((account) => account.id === id) ?? {}, attributes)
    },
  }
  return { accounts, calls, scim }
}

const known = (fields: Partial<Account> = {}): Account => {
  return { id: 'known', userName: 'u1', externalId: 'u1', displayName: '小明', active: true, ...fields }
}

test.each<[string, Account[], Person, string, string[]]>([
  [
    'who is new',
    [],
    person(),
    'created',
    ['create {"userName":"u1","externalId":"u1","displayName":"小明","active":true}'],
  ],
  [
    'who is new, by the id alone',
    [],
    person({ name: null }),
    'created',
    ['create {"userName":"u1","externalId":"u1","active":true}'],
  ],
  ['who has all of it', [known()], person(), 'unchanged', []],
  ['who has left', [known()], person({ hasLeft: true }), 'changed', ['patch known {"active":false}']],
  [
    'who has left, and whose name is erased',
    [known()],
    person({ hasLeft: true, name: null }),
    'changed',
    ['patch known {"active":false}'],
  ],
  ['who has left long ago', [known({ active: false })], person({ hasLeft: true }), 'unchanged', []],
  ['who has left and is unknown', [], person({ hasLeft: true }), 'unchanged', []],
  [
    'who is back, by another name',
    [known({ active: false })],
    person({ name: '小红' }),
    'changed',
    ['patch known {"displayName":"小红","active":true}'],
  ],
])('%s', async (_, accounts, row, outcome, calls) => {
  const { calls: made, scim } = memory(...accounts)
  expect(await followRow('u1', 1_000, rows(row).readRow, scim)).toBe(outcome)
  expect(made).toEqual(calls)
})

test('a row that has not heard of the event, or is not there yet, is waited for', async () => {
  const { calls, scim } = memory()
  const late = rows(undefined, person({ heardAt: 999, name: 'old' }), person())
  expect(await followRow('u1', 1_000, late.readRow, scim)).toBe('created')
  expect(calls).toEqual([expect.stringContaining('小明')])
})

test.each([undefined, person({ heardAt: 999 })])(
  'one that does not come is an error, and nothing is done: %j',
  async (row) => {
    const { calls, scim } = memory()
    await expect(followRow('u1', 1_000, rows(row).readRow, scim)).rejects.toThrow('(ROW_NOT_YET)')
    expect(calls).toEqual([])
  },
)

test('a row that changes while its account is made is followed: who writes last has read what holds', async () => {
  const { accounts, scim } = memory()
  const left = person({ hasLeft: true, heardAt: 2_000 })
  expect(await followRow('u1', 1_000, rows(person(), left).readRow, scim)).toBe('changed')
  expect(accounts).toMatchObject([{ active: false }])
})

describe('over HTTP', () => {
  let server: TestServer
  let answer: (res: ServerResponse, req: IncomingMessage) => void = () => {}
  const requests: string[] = []
  const scim = () => createScim(`http://127.0.0.1:${server.port}/v2`, 'secret')
  const json = (status: number, body: object) => (res: ServerResponse) =>
    res.writeHead(status).end(JSON.stringify(body))

  beforeAll(async () => {
    server = await startServer((req, res) => {
      requests.push(`${req.method} ${decodeURIComponent(req.url ?? '')} ${req.headers.authorization}`)
      answer(res, req)
    })
  })

  beforeEach(() => {
    requests.length = 0
  })

  afterAll(() => server.close())

  test('a filter takes any id', async () => {
    answer = json(200, { Resources: [] })
    expect(await scim().find('externalId', 'a"b\\&c=1')).toBeUndefined()
    expect(requests).toEqual(['GET /v2/Users?filter=externalId eq "a\\"b\\\\&c=1" Bearer secret'])
  })

  test.each([
    ['externalId', 'u1', 'one'],
    ['externalId', 'U1', undefined],
    ['userName', 'ME', 'two'],
  ] as const)('a server that answers a filter with everybody: %s %s', async (attribute, value, id) => {
    answer = json(200, {
      Resources: [
        { id: 'one', externalId: 'u1' },
        { id: 'two', userName: 'me' },
      ],
    })
    expect((await scim().find(attribute, value))?.id).toBe(id)
  })

  test.each([
    [409, {}],
    [400, { scimType: 'uniqueness' }],
  ])('taken, by %d %j', async (status, body) => {
    answer = json(status, body)
    expect(await scim().create({ userName: 'u1' })).toBe(false)
  })

  test.each([302, 400, 401, 429, 503])(
    'an answer of %d is an error by its status alone, and no redirect is followed',
    async (status) => {
      answer = (res) => res.writeHead(status, { location: '/elsewhere' }).end('{"detail":"小明 is known"}')
      const { find, create, patch } = scim()
      for (const ask of [() => find('externalId', 'u1'), () => create({}), () => patch('x', { active: false })]) {
        await expect(ask()).rejects.toThrow(
          new RegExp(`^the SCIM server answers \\w+ with ${status} \\(SCIM_${status}\\)$`),
        )
      }
      expect(requests.filter((line) => line.includes('elsewhere'))).toEqual([])
    },
  )
})
