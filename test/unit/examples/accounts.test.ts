import type { IncomingMessage, ServerResponse } from 'node:http'
import { handler } from '../../../examples/accounts'
import { followRow, type Person } from '../../../examples/accounts/accounts'
import { type Account, createScim, type Scim } from '../../../examples/accounts/scim'
import { startServer, type TestServer } from '../../support/rawHttp'

// as the build puts it in
jest.mock('../../../mapping.yaml', () => {
  const { readMappings } = jest.requireActual<typeof import('../../../shared/mapping/readMappings')>(
    '../../../shared/mapping/readMappings',
  )
  const file = `${__dirname}/../../../mapping.yaml`
  return readMappings(jest.requireActual<typeof import('node:fs')>('node:fs').readFileSync(file, 'utf8'), file)
})

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

test.each<[string, Partial<Account>, boolean, string | Error]>([
  ['its own externalId', {}, true, 'changed'],
  ['none, as of one made by hand', { externalId: undefined as never }, true, 'changed'],
  ['another', { externalId: 'u2' }, true, 'unchanged'],
  ['another, of who is there', { externalId: 'u2' }, false, new Error('USER_NAME_TAKEN')],
])(
  'where a server knows no filter by externalId, an account of that userName: %s',
  async (_, fields, hasLeft, outcome) => {
    const { accounts, scim } = memory({ ...known(), ...fields } as Account)
    const blind = {
      ...scim,
      find: async (attribute: 'externalId' | 'userName', value: string) =>
        attribute === 'userName' ? scim.find(attribute, value) : undefined,
      create: async () => false,
    }
    const followed = followRow('u1', 1_000, rows(person({ hasLeft, name: null })).readRow, blind)
    if (outcome instanceof Error) return await expect(followed).rejects.toThrow(outcome.message)
    expect(await followed).toBe(outcome)
    expect(accounts[0]?.['active']).toBe(outcome === 'unchanged')
  },
)

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

  const page = (ids: string[], totalResults: number) => ({
    totalResults,
    Resources: ids.map((id) => ({ id, externalId: id })),
  })

  test('one that does so in pages is read to the page with the account', async () => {
    answer = (res, { url = '' }) => {
      const [, start = '1'] = /startIndex=(\d+)/.exec(url) ?? []
      json(200, page([[], ['u1', 'u2'], [], ['u3', 'u4'], [], ['u5']][Number(start)] ?? [], 5))(res)
    }
    expect((await scim().find('externalId', 'u5'))?.id).toBe('u5')
    expect(await scim().find('externalId', 'u6')).toBeUndefined()
  })

  test('one that has pages and turns none is an error: the account may be on another', async () => {
    answer = json(200, page(['u1', 'u2'], 5))
    await expect(scim().find('externalId', 'u5')).rejects.toThrow('(SCIM_PAGES)')
  })

  const error = { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '500' }
  test.each<[string, string | object, string[]]>([
    ['a page to log in at', '<html>', ['find', 'create', 'patch']],
    ['an error', error, ['find', 'create', 'patch']],
    ['nothing', '', ['find']],
    ['something else', { ok: true }, ['find']],
  ])('with 200 %s', async (_, body, failing) => {
    answer = (res) => res.end(typeof body === 'string' ? body : JSON.stringify(body))
    const { find, create, patch } = scim()
    const asked = { find: () => find('externalId', 'u1'), create: () => create({}), patch: () => patch('x', {}) }
    for (const [name, ask] of Object.entries(asked)) {
      const outcome = await ask().then(
        () => 'done',
        (reason: Error) => reason.message,
      )
      expect([name, outcome]).toEqual([
        name,
        failing.includes(name) ? expect.stringMatching(/\(SCIM_ANSWER\)$/) : 'done',
      ])
    }
  })

  test.each([
    ['0', 2, 'done'],
    ['31', 1, '(SCIM_429)'],
    ['Thu, 26 Nov 2026 12:00:00 GMT', 1, '(SCIM_429)'],
  ])('429 with Retry-After: %s', async (after, count, outcome) => {
    answer = (res) => {
      if (requests.length === 1) res.writeHead(429, { 'retry-after': after }).end()
      else json(200, { Resources: [] })(res)
    }
    const found = scim()
      .find('externalId', 'u1')
      .then(
        () => 'done',
        (reason: Error) => reason.message,
      )
    expect(await found).toContain(outcome)
    expect(requests).toHaveLength(count)
  })

  test.each(['secret\nmore', 'secret令牌'])('a token that no header can hold is not quoted: %j', async (token) => {
    await expect(createScim('http://127.0.0.1:1', token).find('externalId', 'u1')).rejects.toThrow(
      /^the SCIM server does not answer GET \(SCIM_NO_ANSWER\)$/,
    )
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

describe('variables', () => {
  const event = (body: object) =>
    Buffer.from(
      JSON.stringify({
        ...{ id: '1', source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent', specversion: '1.0' },
        ...{ time: '2026-11-26T20:00:00+08:00', data: { body } },
      }),
    )
  const native = event({ EventType: 'user_add_org', CorpId: 'dinga', userId: ['u1'] })
  const variables = { SCIM_URL: 'https://example.org/scim/v2', SCIM_TOKEN: 'secret', DINGTALK_CORP_ID: 'dinga' }

  test.each<[string, object, string]>([
    ['no SCIM_URL', { SCIM_URL: undefined }, 'BAD_SCIM_URL'],
    ['http elsewhere', { SCIM_URL: 'http://example.org/scim/v2' }, 'BAD_SCIM_URL'],
    ['a login before another host', { SCIM_URL: 'http://localhost:secret@example.org/scim' }, 'BAD_SCIM_URL'],
    ['a login', { SCIM_URL: 'https://me:secret@example.org/scim' }, 'BAD_SCIM_URL'],
    ['a query', { SCIM_URL: 'https://example.org/scim?key=secret' }, 'BAD_SCIM_URL'],
    ['no SCIM_TOKEN', { SCIM_TOKEN: undefined }, 'BAD_SCIM_TOKEN'],
    ['a token of two lines', { SCIM_TOKEN: 'secret\nsecret' }, 'BAD_SCIM_TOKEN'],
    ['no corporation, where the event names one', { DINGTALK_CORP_ID: undefined }, 'CORP_ID_NOT_SET'],
  ])('%s', async (_, others, code) => {
    const before = process.env
    process.env = { ...variables, ...others } as typeof process.env
    const failure = await handler(native, {} as never).then(
      () => 'done',
      (reason: Error) => reason.message,
    )
    process.env = before
    expect(failure).toMatch(new RegExp(`\\(${code}\\)$`))
    expect(failure).not.toContain('secret')
  })
})
