import { freePort } from '../../../../shared/freePort'
import { fakePeople, type TestTracePage, tracePages, webhookEvent } from '../../../support/tracePage'

const startPage = tracePages()
let page: TestTracePage

beforeEach(async () => {
  page = await startPage({ people: fakePeople({}) })
  for (const id of ['a', 'b', 'c']) await page.trace({ id, json: webhookEvent({}) })
})

const pause = { bus: 'bus', rule: 'rule', do: 'disable' }

describe('a command of another page', () => {
  test.each<[string, Record<string, string>]>([
    ['without the header, as a form sends it', { 'x-trace-page': '' }],
    ['with another value', { 'x-trace-page': 'true' }],
    ['of another origin', { origin: 'http://attacker.example' }],
    ['of another port', { origin: 'http://127.0.0.1:1' }],
    ['of this host by https', { origin: 'https://HOST' }],
    ['of a page without an origin', { origin: 'null' }],
  ])('%s is refused', async (_, headers) => {
    const sent = {
      ...headers,
      ...(headers['origin'] && { origin: headers['origin'].replace('HOST', page.url.slice(7)) }),
    }
    for (const [path, body] of [
      ['/trace/rules', pause],
      ['/trace/replay', { seqs: [1] }],
      ['/trace/send', { action: 'user_add_org', name: '小明' }],
      ['/trace/people', { named: '小明' }],
      ['/trace/map', { text: '{}' }],
      ['/trace/publish', { bus: 'bus', source: 's', type: 't', data: '' }],
      ['/trace/try', { event: '{}', pattern: '' }],
      ['/trace/queues', { queue: 'q', do: 'delete', through: 9 }],
    ] as const) {
      expect(await page.post(path, body, sent)).toMatchObject({ status: 403, body: { code: 'Forbidden' } })
    }
    expect([page.rules[0]?.enabled, page.replayed]).toEqual([true, []])
  })

  test('of this page is done', async () => {
    expect(await page.post('/trace/rules', pause, { origin: page.url })).toMatchObject({ status: 200 })
    expect(page.rules[0]?.enabled).toBe(false)
  })
})

test.each<[string, string, unknown, number, string]>([
  ['no JSON', '/trace/rules', '{', 400, 'The body must be JSON.'],
  ['no object', '/trace/rules', '[]', 400, 'Invalid input: expected object, received array'],
  ['an unknown word', '/trace/rules', { ...pause, do: 'delete' }, 400, 'do: must be enable, disable or unblock'],
  ['an unknown rule', '/trace/rules', { ...pause, rule: 'gone' }, 404, 'There is no such rule any more.'],
  ['seqs that are none', '/trace/replay', { seqs: ['1'] }, 400, 'Invalid input'],
  ['nothing to replay', '/trace/replay', {}, 400, 'Invalid input'],
  ['a filter that is none', '/trace/replay', { filter: 'state=lost', through: 9 }, 400, 'state: must be'],
  ['no name of an event', '/trace/send', { action: 'a b', name: '' }, 400, 'action: must be the name of an event'],
  ['a user id with a space', '/trace/send', { action: 'a', name: '', userId: 'a b' }, 400, 'userId: must be'],
  ['no text', '/trace/map', {}, 400, 'text: '],
  ['data that is no text', '/trace/publish', { bus: 'b', source: 's', type: 't', data: {} }, 400, 'data: '],
  ['no pattern', '/trace/try', { event: '{}' }, 400, 'pattern: '],
  ['a form that is none', '/trace/try', { event: '', pattern: '', transform: { form: 'X' } }, 400, 'transform.form: '],
  ['nothing to delete', '/trace/queues', { queue: 'q', do: 'delete' }, 400, 'Invalid input'],
  ['a letter that is gone', '/trace/queues', { queue: 'q', do: 'publish', seqs: [1] }, 404, 'no such dead letter'],
  ['a search that is none', '/trace/replay', { filter: 'data=x', through: 9 }, 400, 'data: must be'],
  ['a person who is none', '/trace/people', { named: 42 }, 400, 'named: '],
  ['a name without end', '/trace/people', { named: 'x'.repeat(4_097) }, 400, 'named: must have at most'],
  ['a field too many', '/trace/send', { action: 'a', name: '', to: 'http://x' }, 400, 'Unrecognized key: "to"'],
  ['an unknown command', '/trace/purge', {}, 404, 'no such command'],
  ['a megabyte', '/trace/replay', ' '.repeat(1024 * 1024 + 1), 413, 'at most'],
])('%s is refused', async (_, path, body, status, message) => {
  expect(await page.post(path, body)).toMatchObject({ status, body: { message: expect.stringContaining(message) } })
})

test.each<[string, string[]]>([
  ['42', ['42']],
  ['小明', ['42', '44']],
  ['42,43', ['42', '43']],
  ['小红、42，小明', ['43', '42', '44']],
  ['小', []],
  ['', []],
])('%j are the user ids %j', async (named, userIds) => {
  const people = await startPage({ people: fakePeople({}) })
  for (const [userId, name] of Object.entries({ 42: '小明', 43: '小红', 44: '小明' })) {
    await people.trace({ id: userId, json: webhookEvent({ syncAction: 'user_add_org', userId, name }) })
  }
  expect(await people.post('/trace/people', { named })).toEqual({ status: 200, body: { userIds } })
})

test('as many user ids as are found of one name can be asked for again', async () => {
  const userIds = Array.from({ length: 50 }, (_, index) => String(index).padStart(64, '0'))
  const people = await startPage({ people: fakePeople({}) })
  for (const userId of userIds) {
    await people.trace({ id: userId, json: webhookEvent({ syncAction: 'user_add_org', userId, name: '小明' }) })
  }
  expect(await people.post('/trace/people', { named: '小明' })).toEqual({ status: 200, body: { userIds } })
  expect(await people.post('/trace/people', { named: userIds.join() })).toEqual({ status: 200, body: { userIds } })
})

test.each(['PUT', 'DELETE', 'OPTIONS'])('%s is not taken', async (method) => {
  expect((await fetch(`${page.url}/trace/rules`, { method })).status).toBe(405)
})

describe('replay', () => {
  test.each<[string, object, number[]]>([
    ['one', { seqs: [2] }, [2]],
    ['some: the oldest first, each once', { seqs: [3, 1, 3] }, [1, 3]],
    ['all', { filter: '', through: 3 }, [1, 2, 3]],
    ['all of a filter', { filter: 'id=b', through: 3 }, [2]],
    ['all that were shown, and none that came later', { filter: '', through: 2 }, [1, 2]],
    ['whichever page of them is shown', { filter: 'before=2', through: 3 }, [1, 2, 3]],
  ])('%s', async (_, command, seqs) => {
    expect(await page.post('/trace/replay', command)).toEqual({ status: 200, body: { replayed: seqs.length } })
    expect(page.replayed).toEqual(seqs)
  })
})

test('a rule is paused, resumed and unblocked, and the answer says how rules are then', async () => {
  const after = async (command: string) =>
    (await page.post('/trace/rules', { bus: 'bus', rule: 'rule', do: command })).body as typeof page.rules
  expect(await after('disable')).toMatchObject([{ enabled: false, targets: [{ blocked: true }] }])
  expect(await after('enable')).toMatchObject([{ enabled: true, targets: [{ blocked: true }] }])
  expect(await after('unblock')).toMatchObject([{ enabled: true, targets: [{ blocked: false }] }])
  expect((await page.get('/trace/rules')).body).toEqual(page.rules)
})

describe('a test employee', () => {
  const command = { action: 'user_add_org', name: '小明' }

  test('goes to the webhook', async () => {
    const answer = { status: 200, userId: '42', eventId: 'sent' }
    expect(await page.post('/trace/send', { ...command, userId: '42' })).toEqual({ status: 200, body: answer })
  })

  test('cannot be sent where there is no webhook', async () => {
    const alone = await startPage()
    expect((await alone.post('/trace/send', command)).status).toBe(404)
  })

  test('a webhook that does not answer', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}/`
    const send = async () => ({ status: (await fetch(nobody, { method: 'POST' })).status, userId: 'x' })
    const cut = await startPage({ people: { ...fakePeople({}), send } })
    const message = 'The webhook did not answer (ECONNREFUSED).'
    const refused = { status: 502, body: { code: 'WebhookUnavailable', message } }
    expect(await cut.post('/trace/send', command)).toEqual(refused)
  })
})
