import path from 'node:path'
import type { Locator } from 'playwright-core'
import type { TableRows } from '../../emulator/tracePage/protocol'
import { systemClock } from '../../shared/clock'
import { describeInBrowser, type TestPage } from '../support/browser'
import { temporaryFolder } from '../support/temporaryFolder'
import { fakePeople, type TestTracePage, tracePages, webhookEvent } from '../support/tracePage'
import { waitFor } from '../support/waitFor'

const startPage = tracePages()
/** SCREENSHOTS keeps them, to be looked at. */
const screenshots = process.env['SCREENSHOTS'] ?? temporaryFolder()

const person = { userId: '141146379001246379', name: '小明', mobile: '13800138000', department: [1], active: true }
const rows: TableRows = {
  table: 'user_info',
  rows: [
    {
      columns: [
        { name: 'corpId', value: '', setByThis: false },
        { name: 'userId', value: person.userId, setByThis: false },
        { name: 'active', value: 'true', setAt: Date.now() - 9_000, setByThis: true },
        { name: 'name', value: '小明', setAt: Date.now() - 9_000, setByThis: true },
        { name: 'title', value: '总监', setAt: Date.now() - 86_400_000, setByThis: false },
        { name: 'department', value: [1], setAt: Date.now() - 9_000, setByThis: true },
        { name: 'leftAt', value: null, setByThis: false },
      ],
    },
  ],
}

const EVENTS = 8
/** An event in each state; `joined` is the newest. */
async function startFilledPage(): Promise<TestTracePage> {
  const page = await startPage({ clock: systemClock, people: { ...fakePeople({}), rowsOf: async () => [rows] } })
  const now = Date.now()
  const event = (id: string, ago: number, action = 'user_modify_org') => ({
    id,
    ...{ bus: 'dingtalk', source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent', receivedAt: now - ago * 1_000 },
    json: webhookEvent({ syncAction: action, ...person }, { id }),
    deliveries: [{ rule: 'employees', target: 'employees' }],
  })
  const at = (ago: number, ms: number) => ({ startedAt: now - ago * 1_000, ms })
  const error = 'UnhandledInvocationError (ECONNREFUSED)'
  const answer = '{"received":1,"stored":1,"ignored":0,"deadLettered":0}'
  const retry = { state: 'pending', nextAttemptAt: now + 60_000 } as const
  // on a bus of its own: nothing else is delivered to a target that is blocked
  await page.trace({ ...event('blocked', 300), bus: 'third' }, [{ ...at(300, 40), error }, { state: 'blocked' }])
  await page.trace(
    event('dropped', 240),
    [{ ...at(240, 9), error }, retry],
    [{ ...at(200, 12), error }, { state: 'dropped' }],
  )
  await page.trace(event('dead', 200), [
    { ...at(200, 55), error },
    { state: 'dead-lettered', queue: 'acs:mns:cn-hangzhou:1:/queues/dead' },
  ])
  await page.trace({
    ...event('unmatched', 150, 'org_dept_modify'),
    deliveries: [],
    mismatches: [{ rule: 'employees', why: 'source does not match ["my.dingtalk"]' }],
  })
  const aside = '{"received":1,"stored":0,"ignored":0,"deadLettered":1}'
  await page.trace(event('aside', 120), [{ ...at(120, 8), answer: aside }, { state: 'set-aside' }])
  await page.trace({ ...event('retrying', 90), bus: 'other' }, [{ ...at(90, 31), error }, retry])
  const inPart = '{"received":1,"stored":1,"ignored":0,"deadLettered":0,"badValues":"title"}'
  await page.trace(event('in part', 60), [{ ...at(60, 15), answer: inPart }, { state: 'delivered' }])
  await page.trace(event('joined', 10, 'user_add_org'), [{ ...at(10, 23), answer }, { state: 'delivered' }])
  return page
}

/** All that the page says, but for what are names and data: events, their ids, JSON, rows, the other language's name. */
const EVERYTHING_SAID = `(() => {
  const isData = (element) => element.closest('[lang=en]:not(html), script, style, noscript, code, pre, kbd, .id, .events a, small, .columns, datalist, aside h2, select.actions') !== null
  const said = [document.title]
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) if (!isData(texts.currentNode.parentElement)) said.push(texts.currentNode.data)
  for (const element of document.querySelectorAll('*')) {
    if (isData(element)) continue
    for (const name of ['title', 'aria-label', 'placeholder', 'alt']) said.push(element.getAttribute(name) ?? '')
  }
  return said.filter((text) => text.trim() !== '')
})()`

/** Names of fields, products, rules, targets and codes, which are the same in any language. */
const NAMES = new RegExp(
  [
    ...[
      'ID',
      'P95',
      'CloudEvent',
      'mapping\\.yaml',
      'EventBridge',
      'Webhook',
      'disableRule',
      'English',
      'Esc',
      'Enter',
      'UnhandledInvocationError',
    ],
    ...[
      'ECONNREFUSED',
      'received|stored|ignored|deadLettered|badValues|source|from|dead_letters',
      'my\\.\\w+|target|rule|bus',
      '(?:user|org)_\\w+',
    ],
    ...[
      'employees|dingtalk|third|other',
      'eventbridge:Events:HTTPEvent',
      'acs:mns\\S*',
      '\\d{4}-\\S*Z',
      'joined|in part|retrying|title',
    ],
    // of what is looked for in events, and of the cards on which one is made up
    ...['(?:data\\.)?body\\.userId|"data"|"body"|"userId"|prefix|suffix|contains|exists|absent|and'],
    ...['PutEvents|MNS|JSON(?:PATH)?|ORIGINAL|CONSTANT|TEMPLATE|Subject'],
    ...['aside|unmatched|dead|dropped|blocked', '\\b[jkxrpsgmetq]\\b', 'trace'],
  ].join('|'),
  'g',
)

function englishIn(text: string): string[] {
  return /[A-Za-z]{2,}/.test(text.replace(NAMES, '')) ? [text] : []
}

const BACKGROUND = 'getComputedStyle(document.body).backgroundColor'

describeInBrowser('the trace page', (open) => {
  let server: TestTracePage
  let page: TestPage
  /** whether the test has let requests fail, of which the browser then tells at any time */
  let isCutOff: boolean

  beforeEach(async () => {
    isCutOff = false
    server = await startFilledPage()
    page = await open(server.url)
    await row('joined').waitFor()
  })

  afterEach(async () => {
    expect(page.faults.filter((fault) => !(isCutOff && fault.includes('net::ERR_FAILED')))).toEqual([])
    expect(page.addresses.filter((address) => !address.startsWith(server.url) && !address.startsWith('data:'))).toEqual(
      [],
    )
    expect(decodeURI(page.addresses.join())).not.toContain('小明')
    await page.context().close()
  })

  const row = (id: string): Locator => page.locator('.events tbody tr', { hasText: id })
  const ids = () => page.locator('.events tbody small').allTextContents()
  const shows = (...expected: string[]) => waitFor(async () => (await ids()).join() === expected.join())
  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
  const pane = () => page.locator('aside')

  test('an event appears by itself, and what becomes of it', async () => {
    await server.trace({ id: 'new', deliveries: [{ rule: 'rule', target: 'robot' }] })
    await row('new').getByText('being delivered to robot').waitFor()
    const [delivery] = server.store.next({ bus: 'bus', rule: 'rule', target: 'robot' }, 'due', 1, [])
    if (delivery) await server.store.record(delivery, { startedAt: Date.now(), ms: 77 }, { state: 'delivered' })
    await row('new').getByText('robot · 77 ms').waitFor()
  })

  test('without server-sent events, too', async () => {
    isCutOff = true
    await page.route('**/trace/live', (route) => route.abort())
    await page.reload()
    await page.getByText('every 2 s').waitFor()
    await server.trace({ id: 'new' })
    await row('new').waitFor()
  })

  test('each state says what became of the event', async () => {
    await row('joined').getByText('employees · 23 ms · received 1, stored 1').waitFor()
    await row('unmatched').getByText('employees: source does not match ["my.dingtalk"]').waitFor()
    await row('retrying')
      .getByText(/employees: again at \d\d:\d\d:\d\d · Unhandled\w+ \(ECONNREFUSED\)/)
      .waitFor()
    await row('dead').getByText('employees: in the dead-letter queue').waitFor()
    await row('dropped').getByText('employees: dropped · 2 attempts').waitFor()
    await row('blocked').getByText('employees is blocked').waitFor()
    await row('in part').getByText('employees · 15 ms · received 1, stored 1, left out: title').waitFor()
    await row('aside').getByText('employees set it aside · 8 ms · received 1, set aside 1').waitFor()
    const counts = await page.locator('.states a').allTextContents()
    expect(counts).toEqual([
      ...[
        `all ${EVENTS}`,
        'delivered 2',
        'waiting 0',
        'retrying 1',
        'blocked 1',
        'failed 2',
        'set aside 1',
        'no rule 1',
      ],
    ])
  })

  test('filters are in the address, and so can be shared and taken back', async () => {
    await page.getByRole('link', { name: 'failed 2' }).click()
    await shows('dead', 'dropped')
    await page.getByLabel('event id').fill('dr')
    await shows('dropped')
    expect(new URL(page.url()).search).toBe('?state=dead&id=dr')
    await page.reload()
    await shows('dropped')
    expect(await page.getByLabel('event id').inputValue()).toBe('dr')
    await page.getByRole('link', { name: 'Clear the filter' }).click()
    await shows('joined', 'in part', 'retrying', 'aside', 'unmatched', 'dead', 'dropped', 'blocked')
    await page.goBack()
    await shows('dropped')

    await page.goto(server.url)
    await page.getByLabel('action').fill('add')
    await shows('joined')
    await page.getByLabel('action').fill('')
    await page.getByLabel('type', { exact: true }).fill('nothing')
    await page.getByText('No event matches this filter.').waitFor()
    await page.goto(`${server.url}/?bus=other`)
    await shows('retrying')
    await button('bus other ✕').click()
    await page.getByLabel('Time', { exact: true }).selectOption('15m')
    await waitFor(() => page.url().endsWith('?last=15m'))
  })

  test('an event says whom it is about, and the events of a person are found by user id or by name', async () => {
    await row('joined').getByText('小* 141146379001246379').waitFor()
    await server.trace({ id: 'native', json: webhookEvent({ EventType: 'user_leave_org', UserId: ['42', '43'] }) })
    await row('native').getByText('42 and 1 more').waitFor()
    await server.trace({ id: 'other', json: webhookEvent({ syncAction: 'user_add_org', userId: '42', name: '小红' }) })
    const filter = page.getByLabel('user id or full name')
    await filter.fill('小红')
    await filter.press('Enter')
    await shows('other', 'native')
    expect(await filter.inputValue()).toBe('42')
    expect(new URL(page.url()).search).toBe('?person=42')
    expect(decodeURI(page.addresses.join())).not.toContain('小红')
    await page.reload()
    await shows('other', 'native')
    await filter.fill('小黑')
    await filter.press('Enter')
    await page.getByText('No event names anybody with this user id or name.').waitFor()
    expect(await filter.getAttribute('aria-invalid')).toBe('true')
    await shows('other', 'native')
    await filter.press('End')
    await filter.press('Backspace')
    expect(await filter.getAttribute('aria-invalid')).toBe('false')
    await filter.fill('小红')
    await page.getByRole('link', { name: 'no rule' }).click()
    await waitFor(() => new URL(page.url()).search === '?state=unmatched&person=42')
    await page.getByRole('link', { name: 'all 2' }).click()
    await filter.fill('')
    await row('joined').click()
    await button('all about them').click()
    await waitFor(() => new URL(page.url()).search === `?person=${person.userId}&event=8`)
    await shows('joined', 'in part', 'retrying', 'aside', 'unmatched', 'dead', 'dropped', 'blocked')
  })

  test('the body of an event comes first, beside why it was set aside', async () => {
    await row('aside').click()
    await pane().getByText('taken and set aside').waitFor()
    expect(await pane().locator('.json').textContent()).toMatch(/^\{\s+"data": \{\s+"body": \{\s+"syncAction"/)
  })

  test('a bar of the chart shows its events, which are also a table', async () => {
    await page.locator('.chart svg a').last().click()
    await shows('joined')
    expect(page.url()).toMatch(/\?from=[^&]+&to=[^&]+$/)
    // the list and the chart are asked for apart
    const label = 'Events and latency over time · 1 event · latency: median 23 ms, P95 23 ms'
    await page.getByRole('img', { name: label, exact: true }).waitFor()
    // what the dots and the lines are, each beside its sign
    expect(await page.locator('.chart .key:has(circle)').textContent()).toBe(' median 23 ms')
    expect(await page.locator('.chart .key:has(line)').textContent()).toBe(' P95 23 ms')
    await page.getByText('As a table').click()
    await page.getByRole('columnheader', { name: 'P95', exact: true }).waitFor()
    await page.getByRole('cell', { name: 'delivered 1' }).waitFor()
  })

  test.each([
    ['before the first is there', 'absent'],
    ['of a time in which nothing happened', 'empty'],
  ])('the list stays where it is when the chart comes late, %s', async (_, former) => {
    const { url, trace } = await startPage({ clock: systemClock })
    const page = await open('about:blank')
    let isEmpty = former === 'empty'
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/trace/activity?*', async (route) => {
      // what it says before the event is there
      if (isEmpty) {
        isEmpty = false
        return route.continue()
      }
      await released
      await route.continue()
    })
    const chart = page.waitForResponse('**/trace/activity?*')
    await page.goto(url)
    if (former === 'empty') await chart
    await trace({ id: 'first' })
    const row = page.locator('.events tbody tr')
    await row.waitFor()
    const before = await row.boundingBox()
    release()
    await page.getByRole('img', { name: /1 event/ }).waitFor()
    expect(await row.boundingBox()).toEqual(before)
  })

  test('where nothing happened there is no chart, and no scale', async () => {
    await page.getByLabel('event id').fill('nobody')
    await page.getByText('nothing happened').waitFor()
    expect(await page.getByRole('img').count()).toBe(0)
    expect(await page.getByText('As a table').count()).toBe(0)
  })

  test('the keyboard does everything', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await pane().getByText('dingtalk').or(pane().getByText('other')).first().waitFor()
    expect(page.url()).toMatch(/\?event=7$/)
    await page.keyboard.press('k')
    await pane().getByRole('heading', { name: 'user_add_org' }).waitFor()
    await page.keyboard.press('Escape')
    await pane().waitFor({ state: 'detached' })
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await button('Replay selected (2)').waitFor()
    await page.keyboard.press('r')
    await page.getByRole('dialog', { name: 'Replay 2 events?' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 events were replayed.').waitFor()
    expect(server.replayed).toEqual([7, 8])
    await page.keyboard.press('/')
    await page.keyboard.type('dead')
    await shows('dead')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  test('Enter confirms a dialog although the page was drawn anew while it opened', async () => {
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await button('Replay selected (1)').waitFor()
    await page.evaluate(`(async () => {
      const press = (key) => document.dispatchEvent(new KeyboardEvent('keydown', { key }))
      press('r')
      // drawn by now, and not yet painted
      await Promise.resolve().then(() => undefined)
      press('p')
    })()`)
    await page.getByRole('dialog', { name: 'Replay 1 event?' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('1 event was replayed.').waitFor()
  })

  test('an event is told step by step, beside the row with the columns that it has set', async () => {
    await row('dropped').click()
    await pane().getByText('given up and dropped').waitFor()
    expect(await pane().locator('.attempts tbody tr').count()).toBe(2)
    await row('joined').click()
    await pane().getByRole('heading', { name: 'user_add_org' }).waitFor()
    await pane().getByText('matches, goes to employees').waitFor()
    await pane().locator('.columns').waitFor()
    expect(await pane().locator('tr.changed th').allTextContents()).toEqual(['●active', '●name', '●department'])
  })

  test('personal data is masked until it is asked for, and again after a reload', async () => {
    await row('joined').click()
    await pane().getByText('"小*"').waitFor()
    await pane().locator('.columns').waitFor()
    const isShown = async () => /小明|13800138000|总监/.test(await page.content())
    expect(await isShown()).toBe(false)
    await button('Show personal data').click()
    await pane().getByText('"13800138000"').waitFor()
    await pane().getByRole('cell', { name: '总监' }).waitFor()
    await page.keyboard.press('p')
    await waitFor(async () => !(await isShown()))
    await button('Show personal data').click()
    await waitFor(isShown)
    await page.reload()
    await pane().getByText('"小*"').waitFor()
    await pane().locator('.columns').waitFor()
    expect(await isShown()).toBe(false)
  })

  test('all that a filter finds is replayed, after a question that says how many', async () => {
    await page.getByRole('link', { name: 'failed 2' }).click()
    await button('Replay all 2 …').click()
    await page.getByRole('dialog', { name: 'Replay 2 events?' }).getByText('Cancel').click()
    expect(server.replayed).toEqual([])
    await button('Replay all 2 …').click()
    await button('Replay 2').click()
    await page.getByText('2 events were replayed.').waitFor()
    expect(server.replayed).toEqual([2, 3])
  })

  test('a rule is paused, resumed, and its target unblocked', async () => {
    await button('Rules 1 blocked').click()
    await page.getByText('events that arrive meanwhile are not kept for it').waitFor()
    await page.getByText('Targets: target').waitFor()
    await page.getByText('Unblocking makes the waiting events due again').waitFor()
    await button('Pause').click()
    await button('Resume').waitFor()
    expect(server.rules[0]?.enabled).toBe(false)
    await button('Resume').click()
    await button('Pause').waitFor()
    await button('Unblock').click()
    await button('Unblock').waitFor({ state: 'detached' })
    await page.getByText('Unblocking makes').waitFor({ state: 'detached' })
    expect(server.rules).toMatchObject([{ enabled: true, targets: [{ blocked: false }] }])
  })

  test('a test employee is sent, and the same one again', async () => {
    await page.keyboard.press('s')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Action').and(page.locator(':focus')).waitFor()
    await dialog.getByLabel('Name').fill('小红')
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog.getByText('Accepted.').waitFor()
    expect(await dialog.getByLabel('User id').inputValue()).toBe('new')
    await dialog.getByLabel('Action').selectOption('user_leave_org')
    await dialog.getByRole('button', { name: 'Send', exact: true }).click()
    await dialog.getByRole('button', { name: 'Show the event' }).click()
    expect(new URL(page.url()).search).toBe('?id=sent')
  })

  test('pages go on to the oldest and back to the newest', async () => {
    for (let n = 0; n < 120; n++) await server.trace({ id: `n${n}` })
    await row('n119').waitFor()
    await page.getByRole('link', { name: 'Older →' }).click()
    await row('n69').waitFor()
    await page.getByRole('link', { name: 'Older →' }).click()
    await row('blocked').waitFor()
    expect(await page.getByRole('link', { name: 'Older →' }).count()).toBe(0)
    await page.keyboard.press('g')
    await row('n119').waitFor()
  })

  test('a server that is gone is said to be, and found again', async () => {
    isCutOff = true
    await page.route('**/trace/events?*', (route) => route.abort())
    await server.trace({ id: 'meanwhile' })
    await page.getByText('no answer, trying again').waitFor()
    await page.unroute('**/trace/events?*')
    await row('meanwhile').waitFor()
    await page.getByText('live', { exact: true }).waitFor()
  })

  test.each([
    ['en-US', 'en', 'light', 'Event trace', 'rgb(246, 247, 249)'],
    ['en-US', 'en', 'dark', 'Event trace', 'rgb(20, 23, 28)'],
    ['zh-CN', 'zh-CN', 'light', '事件轨迹', 'rgb(246, 247, 249)'],
    ['zh-TW', 'zh-CN', 'dark', '事件轨迹', 'rgb(20, 23, 28)'],
  ] as const)('a browser in %s gets %s, in the %s theme', async (locale, lang, colorScheme, title, background) => {
    const other = await open(server.url, { locale, colorScheme })
    await other.getByRole('heading', { name: title }).waitFor()
    await other.locator(`html[lang=${lang}]`).waitFor()
    expect(await other.evaluate(BACKGROUND)).toBe(background)
    await other.locator('.chart svg a').first().waitFor()
    const name = path.join(screenshots, `${lang}-${colorScheme}`)
    await other.screenshot({ path: `${name}-list.png` })
    await other.locator('.events tbody a').first().click()
    await other.locator('aside .json').waitFor()
    await other.locator('aside .columns').waitFor()
    await other.screenshot({ path: `${name}-event.png` })
    expect(other.faults).toEqual([])
    await other.context().close()
  })

  test.each(['en-US', 'zh-CN'])(
    'on a phone in %s the list begins in the first third, and no name is cut',
    async (locale) => {
      const phone = await open(server.url, { locale, viewport: { width: 375, height: 812 } })
      const link = phone.locator('.events tbody a')
      await link.first().waitFor()
      await phone.locator('.chart svg a').first().waitFor()
      const boxOf = async (locator: Locator) => (await locator.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
      expect((await boxOf(phone.locator('.list'))).y).toBeLessThanOrEqual(812 / 3)
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(375)
      const cut = `[...document.querySelectorAll('.events tbody a, .people, .top button')].filter(
      (element) => element.checkVisibility() && element.scrollWidth > element.clientWidth).map((element) => element.textContent)`
      expect(await phone.evaluate(cut)).toEqual([])
      await phone.screenshot({ path: path.join(screenshots, `${locale}-phone.png`) })

      const filters = phone.locator('search')
      expect((await boxOf(filters)).width).toBeLessThan(2)
      await phone.locator('button.filter').click()
      await waitFor(async () => (await boxOf(filters)).width > 300)
      await link.first().click()
      await phone.locator('aside .json').waitFor()
      expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(375)
      expect(phone.faults).toEqual([])
      await phone.context().close()
    },
  )

  test('the Chinese page has no English in it: neither in what it says, nor in what it says by title or label', async () => {
    const chinese = await open(`${server.url}/?last=2h&bus=third`, { locale: 'zh-CN' })
    const said = new Set<string>()
    const listen = async () => {
      for (const text of (await chinese.evaluate(EVERYTHING_SAID)) as string[]) said.add(text)
    }
    const openDialog = async (key: string) => {
      await chinese.keyboard.press(key)
      await chinese.getByRole('dialog').waitFor()
      await listen()
      await chinese.keyboard.press('Escape')
      await chinese.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await chinese.locator('.events tbody a').waitFor()
    await chinese.getByLabel('用户 ID 或完整姓名').fill('小黑')
    await chinese.keyboard.press('Enter')
    await chinese.getByText('没有事件涉及').waitFor()
    await listen()
    await chinese.goto(server.url)
    // the page is there before its events; the keys below are about the one that is open
    const links = chinese.locator('.events tbody a')
    await waitFor(async () => (await links.count()) === EVENTS)
    for (const link of await links.all()) {
      await link.click()
      await chinese.locator('aside .json').waitFor()
      await chinese.locator('aside .columns').waitFor()
      await listen()
    }
    await chinese.getByText('以表格显示').click()
    await chinese.keyboard.press('p')
    await chinese.locator('aside [aria-pressed=true]').waitFor()
    await listen()
    for (const key of ['s', 'e', 'm', 't', 'q', '?', 'r']) await openDialog(key)
    await chinese.getByRole('button', { name: /^规则/ }).click()
    await chinese.getByRole('dialog').waitFor()
    await listen()
    await chinese.goto(`${server.url}/?event=99`)
    await chinese.getByText('该事件不存在').waitFor()
    await listen()
    await chinese.goto(`${server.url}/?from=never`)
    await chinese.getByText('from：必须是').waitFor()
    await listen()
    expect([...said].join()).toContain('ECONNREFUSED')
    expect([...said].flatMap(englishIn)).toEqual([])
    await chinese.context().close()
  })

  test('language and theme are chosen by hand, too, and remembered', async () => {
    await button('中文').click()
    await page.getByRole('heading', { name: '事件轨迹' }).waitFor()
    await button(/^规则/).click()
    await page.getByText('事件目标：target').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await button('主题：跟随系统').click()
    await button('主题：浅色').click()
    await page.reload()
    await button('主题：深色').waitFor()
    await page.locator('html[data-theme=dark]').waitFor()
    expect(await page.evaluate(BACKGROUND)).toBe('rgb(20, 23, 28)')
  })
})

describeInBrowser('the trace page without an event', (open) => {
  test('says what to do first', async () => {
    const server = await startPage({ clock: systemClock, people: fakePeople({}) })
    const page = await open(server.url)
    await page.getByText('npm run send -- user_add_org --name 小明').waitFor()
    await page.getByText('http://127.0.0.1:8080/webhook/putEvents').waitFor()
    await page.screenshot({ path: path.join(screenshots, 'empty.png') })
    expect(page.faults).toEqual([])
  })

  test('of an emulator by itself has neither rows nor a form', async () => {
    const server = await startPage({ clock: systemClock })
    const page = await open(server.url)
    await page.getByText('Publish one with the SDK').waitFor()
    expect(await page.getByRole('button', { name: 'Send a test employee' }).count()).toBe(0)
    await server.trace({ id: 'e' })
    await page.locator('.events tbody a').first().click()
    await page.locator('aside .json').waitFor()
    expect(await page.getByRole('heading', { name: 'Row' }).count()).toBe(0)
    expect(await page.getByLabel('action').count()).toBe(0)
    expect(page.faults).toEqual([])
  })
})
