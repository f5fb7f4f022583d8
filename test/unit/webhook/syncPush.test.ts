import { EventBridgeUnavailable, EventInvalid } from '../../../shared/eventbridge/errors'
import type { PutEventsAnswer } from '../../../shared/eventbridge/putEventsAnswer'
import { callbackEnvironment, callbackRequest, readReply } from '../../support/callback'
import { acceptAll, setUpWebhook } from '../../support/webhook'

const row = (id: number, fields: object, more: object = {}) => ({
  id,
  gmt_create: 1,
  gmt_modified: 1_700_000_000_000 + id,
  biz_type: 13,
  biz_id: `user${id}`,
  corp_id: 'dingcorp',
  subscribe_id: '1_0',
  open_cursor: 0,
  status: 0,
  biz_data: JSON.stringify(fields),
  ...more,
})
const leave = (id: number, more: object = {}) => row(id, { syncAction: 'user_leave_org', userId: `u${id}` }, more)
const pushOf = (bizData: unknown) => JSON.stringify({ EventType: 'SYNC_HTTP_PUSH_MEDIUM', bizData })
const push = (...rows: unknown[]) => pushOf(rows)

/** What comes of an encrypted push: what is published of it, and whether DingTalk is told that it was taken. */
async function send(message: string, putEvents = acceptAll) {
  const { post, published, log } = setUpWebhook(callbackEnvironment, putEvents)
  const response = await post(callbackRequest(message))
  const events = published.map((json) => JSON.parse(json) as { id: string; data: { body: Record<string, unknown> } })
  return {
    status: response.statusCode,
    isTaken: response.statusCode === 200 && readReply(response.json) === 'success',
    published,
    ids: events.map(({ id }) => id),
    bodies: events.map(({ data }) => data.body),
    log,
  }
}

describe('one event a row', () => {
  test("the row's fields and its envelope's side by side, under an id of its own", async () => {
    const first = row(7, { syncAction: 'user_modify_org', userid: '085', name: '小钉', mobile: '138' })
    const second = row(8, {}, { biz_data: '{"syncAction":"user_leave_org","order":176292748870660512}' })
    const { isTaken, ids, bodies, published } = await send(push(first, second))
    expect(isTaken).toBe(true)
    expect(ids).toEqual(['sync-dingcorp-7', 'sync-dingcorp-8'])
    expect(bodies[0]).toEqual({
      syncAction: 'user_modify_org',
      userid: '085',
      name: '小钉',
      corp_id: 'dingcorp',
      biz_id: 'user7',
      biz_type: 13,
      gmt_modified: 1_700_000_000_007,
      row_id: '7',
      eventId: 'sync-dingcorp-7',
    })
    expect(published[1]).toContain('"order":176292748870660512')
  })

  test.each([
    ['a list', push(leave(1), leave(2))],
    ['a list as text', pushOf(JSON.stringify([leave(1), leave(2)]))],
    ['a list as text of text', pushOf(JSON.stringify(JSON.stringify([leave(1), leave(2)])))],
    ['a list in a push that is text', JSON.stringify(push(leave(1), leave(2)))],
    ['a list of texts', push(JSON.stringify(leave(1)), JSON.stringify(leave(2)))],
    ['under another spelling', push(leave(1), leave(2)).replace('"bizData"', '"biz_data"')],
  ])('bizData as %s', async (_, message) => {
    const { isTaken, ids, bodies } = await send(message)
    expect(isTaken).toBe(true)
    expect(ids).toEqual(['sync-dingcorp-1', 'sync-dingcorp-2'])
    expect(bodies).toMatchObject([
      { userId: 'u1', biz_id: 'user1' },
      { userId: 'u2', biz_id: 'user2' },
    ])
  })

  test.each([
    ['an object', pushOf(leave(1))],
    ['an object as text', pushOf(JSON.stringify(leave(1)))],
    ['biz_data as an object', push(leave(1, { biz_data: { syncAction: 'user_leave_org', userId: 'u1' } }))],
    ['biz_data as text of text', push(leave(1, { biz_data: JSON.stringify(leave(1).biz_data) }))],
    ['biz_type as text', push(leave(1, { biz_type: '13' }))],
  ])('a single row: %s', async (_, message) => {
    const { isTaken, ids, bodies } = await send(message)
    expect(isTaken).toBe(true)
    expect(ids).toEqual(['sync-dingcorp-1'])
    expect(bodies).toMatchObject([{ syncAction: 'user_leave_org', userId: 'u1', biz_id: 'user1', row_id: '1' }])
  })

  test.each([
    ['a number', '7', '"row_id":"7",', /^sync-dingcorp-7$/],
    ['a number beyond 2^53', '9007199254740993', '"row_id":"9007199254740993",', /^sync-dingcorp-9007199254740993$/],
    ['text', '"007"', '"row_id":"007",', /^sync-dingcorp-007$/],
    ['text that is no event id', '"a b"', '"row_id":"a b",', /^[0-9a-f]{64}$/],
    ['null', 'null', undefined, /^sync-[0-9a-f]{64}$/],
    ['empty', '""', undefined, /^sync-[0-9a-f]{64}$/],
    ['an object', '{"toString":1}', undefined, /^sync-[0-9a-f]{64}$/],
    ['an object like a number of our parser', '{"isLosslessNumber":true,"value":{}}', undefined, /^sync-[0-9a-f]{64}$/],
  ])('the id of a row, %s', async (_, id, written, eventId) => {
    const fields = '{"syncAction":"user_leave_org","row_id":"forged"}'
    const message = push({ ...leave(1), biz_data: fields, id: 0 }).replace('"id":0', `"id":${id}`)
    const { isTaken, ids, published } = await send(message)
    expect(isTaken).toBe(true)
    expect(ids).toEqual([expect.stringMatching(eventId)])
    expect(published[0]).not.toContain('forged')
    if (written !== undefined) expect(published[0]).toContain(written)
    else expect(published[0]).not.toContain('row_id')
    expect((await send(message)).ids).toEqual(ids)
  })

  test('what a row leaves out does not go over what its biz_data says', async () => {
    const { bodies } = await send(push({ biz_type: 13, id: 1, biz_data: '{"corp_id":"dingother","userId":"1"}' }))
    expect(bodies).toEqual([{ corp_id: 'dingother', userId: '1', biz_type: 13, row_id: '1', eventId: 'sync--1' }])
  })

  test('a push that is not encrypted has its rows, too', async () => {
    const { post, published } = setUpWebhook()
    const response = await post({ body: push(leave(1), leave(2)) })
    expect(response.json).toEqual({
      RequestId: 'R',
      FailedEntryCount: 0,
      EntryList: [expect.anything(), expect.anything()],
    })
    expect(published).toHaveLength(2)
  })
})

describe('what a row is about', () => {
  test.each([
    ['a person', 13, 'user_modify_org'],
    ['an external contact', 20, 'contact_add_org'],
    ['a role', 15, 'org_role_add'],
    ['an approval', 245, 'workflow_instance_change_broadcast'],
    ['attendance', 344, 'attendance_approve_status_change'],
    ['a meeting', 225, 'meeting_status_change'],
    ['staff', 165, 'hrm_mdm_user_info_change'],
    ['leave', 154, 'leave_record_change'],
    ['what nobody knows yet', 9999, 'something_new'],
  ])('%s is published', async (_, biz_type, syncAction) => {
    expect((await send(push(row(1, { syncAction }, { biz_type })))).bodies).toMatchObject([{ syncAction, biz_type }])
  })

  test.each([
    [2, 'suite_ticket'],
    [2, undefined],
    ['2', 'anything_else'],
    [4, 'org_suite_auth'],
    [4, 'org_suite_relieve'],
    [7, 'org_micro_app_scope_update'],
    [17, 'market_order'],
    [139, undefined],
    [undefined, undefined],
    [13, 'suite_ticket'],
    [undefined, 'SuiteTicket'],
    [9999, 'org_suite_change'],
  ])('type %p, %p: about the app itself, answered and not published', async (biz_type, syncAction) => {
    const fields = { syncAction, suiteTicket: 'planted', permanent_code: 'planted' }
    const { isTaken, published, log } = await send(push(row(1, fields, { biz_type })))
    expect(isTaken).toBe(true)
    expect(published).toEqual([])
    expect(log.lines).toEqual([expect.objectContaining({ outcome: 'answered' })])
    expect(log.text()).not.toContain('planted')
  })

  test.each([
    ['no rows', '{"EventType":"SYNC_HTTP_PUSH_HIGH"}'],
    ['null for rows', pushOf(null)],
    ['an empty list', pushOf([])],
    ['a row of nothing', pushOf({})],
  ])('a push with %s is answered', async (_, message) => {
    const { isTaken, published } = await send(message)
    expect(isTaken).toBe(true)
    expect(published).toEqual([])
  })
})

/** What is published of good rows, and what the log says of those that are set aside. */
const setAside = (eventId: unknown, code: string) =>
  expect.objectContaining({ level: 'error', outcome: 'set_aside', eventId, code })

describe('a row of which no event can be made is set aside, and holds up no other', () => {
  const deep = `${'['.repeat(70)}"planted"${']'.repeat(70)}`
  test.each<[string, unknown, string, string]>([
    ['biz_data that breaks off', leave(2, { biz_data: '{"mobile":"planted' }), 'sync-dingcorp-2', 'BizDataUnreadable'],
    ['biz_data that is a list', leave(2, { biz_data: '["planted"]' }), 'sync-dingcorp-2', 'BizDataUnreadable'],
    ['biz_data that is a number', leave(2, { biz_data: 1 }), 'sync-dingcorp-2', 'BizDataUnreadable'],
    ['no biz_data', leave(2, { biz_data: undefined }), 'sync-dingcorp-2', 'BizDataUnreadable'],
    ['biz_data nested too deep', leave(2, { biz_data: `{"a":${deep}}` }), 'sync-dingcorp-2', 'BizDataUnreadable'],
    [
      'biz_data that is too deep beside the rest',
      leave(2, { biz_data: `{"syncAction":"user_leave_org","a":${'['.repeat(64)}${']'.repeat(64)}}` }),
      'sync-dingcorp-2',
      'BizDataUnreadable',
    ],
    ['null', null, expect.stringMatching(/^sync-[0-9a-f]{64}$/) as unknown as string, 'BizDataUnreadable'],
    ['text', 'planted', expect.stringMatching(/^sync-[0-9a-f]{64}$/) as unknown as string, 'BizDataUnreadable'],
  ])('%s', async (_, bad, eventId, code) => {
    const { isTaken, ids, published, log } = await send(push(leave(1), bad, leave(3)))
    expect(isTaken).toBe(true)
    expect(ids).toEqual(['sync-dingcorp-1', 'sync-dingcorp-3'])
    expect(log.lines).toEqual([
      setAside(eventId, code),
      expect.objectContaining({ level: 'info', outcome: 'published', setAside: 1 }),
    ])
    expect(published.join() + log.text()).not.toContain('planted')
  })

  test('a push of which nothing can be read', async () => {
    const { isTaken, published, log } = await send(pushOf('[{"biz_type":13,"mobile":"planted'))
    expect(isTaken).toBe(true)
    expect(published).toEqual([])
    expect(log.lines).toMatchObject([{ outcome: 'set_aside' }, { outcome: 'answered', setAside: 1 }])
    expect(log.text()).not.toContain('planted')
  })
})

describe('what EventBridge says of the rows', () => {
  const rows = (count: number) => push(...Array.from({ length: count }, (_, id) => leave(id + 1)))
  const allIds = (count: number) => Array.from({ length: count }, (_, id) => `sync-dingcorp-${id + 1}`)
  const idOf = (json: string) => (JSON.parse(json) as { id: string }).id

  /** An EventBridge that treats some events in its own way and takes the others. */
  function eventBridge(treat: (id: string) => string | undefined, isWhole: boolean) {
    const taken: string[] = []
    const offered = new Set<string>()
    const batches: number[] = []
    const putEvents = async (events: readonly string[]): Promise<PutEventsAnswer> => {
      batches.push(events.length)
      const ids = events.map(idOf)
      for (const id of ids) offered.add(id)
      const bad = ids.map(treat).find((code) => code !== undefined)
      if (isWhole && bad !== undefined) {
        if (bad === 'Timeout') throw new EventBridgeUnavailable(bad, 'planted')
        throw new EventInvalid(bad, 'planted')
      }
      taken.push(...ids.filter((id) => treat(id) === undefined))
      const entries = ids.map((id) => ({ EventId: id, ErrorCode: treat(id) ?? null }))
      return { RequestId: 'R', FailedEntryCount: ids.filter((id) => treat(id)).length, EntryList: entries }
    }
    return { putEvents, taken, offered, batches }
  }
  const only =
    (codes: Record<number, string>) =>
    (id: string): string | undefined =>
      codes[Number(id.replace('sync-dingcorp-', ''))]

  test('forty rows go out in batches that EventBridge takes', async () => {
    const bridge = eventBridge(() => undefined, false)
    expect((await send(rows(40), bridge.putEvents)).isTaken).toBe(true)
    expect(bridge.batches).toEqual([16, 16, 8])
    expect(new Set(bridge.taken)).toEqual(new Set(allIds(40)))
  })

  test('rows that are large together go out in batches of less than 256 KB', async () => {
    const { post, published } = setUpWebhook({ MAX_BODY_BYTES: '200000' })
    const headers = { 'Content-Type': 'application/json', 'X-Long': 'x'.repeat(30_000) }
    await post({ headers, body: rows(16) })
    expect(published).toHaveLength(16)
    const sizes: number[] = []
    const again = setUpWebhook({ MAX_BODY_BYTES: '200000' }, (events) => {
      sizes.push(Buffer.byteLength(events.join(',')))
      return acceptAll(events)
    })
    await again.post({ headers, body: rows(16) })
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024)
  })

  test.each([
    ['an entry', false],
    ['the whole request', true],
  ])('a row that makes EventBridge refuse %s is set aside, all others are taken', async (_, isWhole) => {
    const bridge = eventBridge(only({ 5: 'EventSizeExceed', 16: 'EventInvalid', 17: 'EventInvalid' }), isWhole)
    const { isTaken, log } = await send(rows(40), bridge.putEvents)
    expect(isTaken).toBe(true)
    expect(new Set(bridge.taken)).toEqual(new Set(allIds(40).filter((id) => !/-(5|16|17)$/.test(id))))
    expect(log.lines).toEqual([
      setAside('sync-dingcorp-5 sync-dingcorp-16 sync-dingcorp-17', 'EventSizeExceed EventInvalid'),
      expect.objectContaining({ outcome: 'published', setAside: 3 }),
    ])
  })

  test('when all are refused the push is answered', async () => {
    const { isTaken, log } = await send(rows(3), eventBridge(() => 'EventInvalid', true).putEvents)
    expect(isTaken).toBe(true)
    expect(log.lines).toMatchObject([{ outcome: 'set_aside' }, { outcome: 'answered', setAside: 3 }])
  })

  test.each<[string, Record<number, string>, boolean]>([
    ['an entry of the first batch', { 1: 'InternalError' }, false],
    ['the first batch', { 1: 'Timeout' }, true],
    ['the last batch', { 40: 'Timeout' }, true],
    ['an entry, beside one that is refused', { 1: 'EventBusNotExist', 2: 'EventInvalid' }, false],
    ['a batch, beside one that is refused', { 1: 'Timeout', 40: 'EventInvalid' }, true],
  ])('when %s may be taken later it is 503, after every row was offered', async (_, codes, isWhole) => {
    const bridge = eventBridge(only(codes), isWhole)
    const { status, log } = await send(rows(40), bridge.putEvents)
    expect(status).toBe(503)
    expect(bridge.offered).toEqual(new Set(allIds(40)))
    const refused = Object.values(codes).filter((code) => code === 'EventInvalid').length
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', outcome: 'refused', status: 503 })
    expect(log.lines).toHaveLength(1 + refused)
  })

  test('when something unexpected goes wrong it is 500, after every row was offered', async () => {
    const offered: string[] = []
    const { status } = await send(rows(40), (events) => {
      offered.push(...events.map(idOf))
      return offered.length <= 16 ? Promise.reject(new Error('planted')) : acceptAll(events)
    })
    expect(status).toBe(500)
    expect(offered).toEqual(allIds(40))
  })

  test('a callback that is no push, and is refused, is 400', async () => {
    const event = '{"EventType":"user_add_org","userId":["1"]}'
    expect((await send(event, eventBridge(() => 'EventInvalid', true).putEvents)).status).toBe(400)
  })
})

test('however many rows are set aside, each id is told, in lines that are no longer than a log service takes', async () => {
  const { log, isTaken } = await send(pushOf(Array.from({ length: 5_000 }, () => 0)))
  const lines = log.lines.filter(({ outcome }) => outcome === 'set_aside')
  const ids = lines.flatMap(({ eventId }) => String(eventId).split(' '))
  expect({ isTaken, ids: ids.length }).toEqual({ isTaken: true, ids: 5_000 })
  expect(Math.max(...lines.map((line) => JSON.stringify(line).length))).toBeLessThan(8_000)
})
