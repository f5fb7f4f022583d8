import path from 'node:path'
import type { Locator } from 'playwright-core'
import type { EmployeeRows } from '../../emulator/tracePage/protocol'
import { systemClock } from '../../shared/clock'
import { describeInBrowser, type TestPage } from '../support/browser'
import { temporaryFolder } from '../support/temporaryFolder'
import { fakePeople, type TestTracePage, tracePages, webhookEvent } from '../support/tracePage'
import { waitFor } from '../support/waitFor'

const startPage = tracePages()
/** SCREENSHOTS keeps them, to be looked at. */
const screenshots = process.env['SCREENSHOTS'] ?? temporaryFolder()

const person = { userId: '141146379001246379', name: '小明', mobile: '13800138000', department: [1], active: true }
const rows: EmployeeRows = {
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

/** An event in each state; `joined` is the newest. */
async function startFilledPage(): Promise<TestTracePage> {
  const page = await startPage({ clock: systemClock, people: { ...fakePeople({}), rowsOf: async () => rows } })
  const now = Date.now()
  const event = (id: string, ago: number, action = 'user_modify_org') => ({
    id,
    ...{ bus: 'dingtalk', source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent', receivedAt: now - ago * 1_000 },
    json: webhookEvent({ syncAction: action, ...person }, { id }),
    deliveries: [{ rule: 'employees', target: 'employees' }],
  })
  const at = (ago: number, ms: number) => ({ startedAt: now - ago * 1_000, ms })
  const error = 'Error: the employees could not be stored (ECONNREFUSED)'
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
  await page.trace({ ...event('retrying', 90), bus: 'other' }, [{ ...at(90, 31), error }, retry])
  await page.trace(event('joined', 10, 'user_add_org'), [{ ...at(10, 23), answer }, { state: 'delivered' }])
  return page
}

describeInBrowser('the trace page', (open) => {
  let server: TestTracePage
  let page: TestPage

  beforeEach(async () => {
    server = await startFilledPage()
    page = await open(server.url)
    await row('joined').waitFor()
  })

  afterEach(async () => {
    expect(page.faults).toEqual([])
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
    await page.route('**/trace/live', (route) => route.abort())
    await page.reload()
    await page.getByText('every 2 s').waitFor()
    await server.trace({ id: 'new' })
    await row('new').waitFor()
    page.faults.length = 0
  })

  test('each state says what became of the event', async () => {
    await row('joined').getByText('employees · 23 ms · received 1, stored 1').waitFor()
    await row('unmatched').getByText('employees: source does not match ["my.dingtalk"]').waitFor()
    await row('retrying')
      .getByText(/employees: again at \d\d:\d\d:\d\d · Error: .*ECONNREFUSED/)
      .waitFor()
    await row('dead').getByText('employees: in the dead-letter queue').waitFor()
    await row('dropped').getByText('employees: dropped · 2 attempts').waitFor()
    await row('blocked').getByText('employees is blocked').waitFor()
    const counts = await page.locator('.states a').allTextContents()
    expect(counts).toEqual(['all 6', 'delivered 1', 'waiting 0', 'retrying 1', 'blocked 1', 'failed 2', 'no rule 1'])
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
    await shows('joined', 'retrying', 'unmatched', 'dead', 'dropped', 'blocked')
    await page.goBack()
    await shows('dropped')

    await page.goto(server.url)
    await page.getByLabel('action').fill('user_add_org')
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

  test('a bar of the chart shows its events, which are also a table', async () => {
    await page.locator('.chart svg a').last().click()
    await shows('joined')
    expect(page.url()).toMatch(/\?from=[^&]+&to=[^&]+$/)
    expect(await page.getByRole('img').getAttribute('aria-label')).toMatch(
      /^Events and latency over time · 1 event · latency: median 23 ms, P95 23 ms$/,
    )
    await page.getByText('As a table').click()
    await page.getByRole('columnheader', { name: 'P95', exact: true }).waitFor()
    await page.getByRole('cell', { name: 'delivered 1' }).waitFor()
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
    expect(page.url()).toMatch(/\?event=5$/)
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
    expect(server.replayed).toEqual([5, 6])
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
    expect(await pane().locator('tr.changed th').allTextContents()).toEqual(['●active', '●name', '●department'])
  })

  test('personal data is masked until it is asked for, and again after a reload', async () => {
    await row('joined').click()
    await pane().getByText('"小*"').waitFor()
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
    await page.route('**/trace/events?*', (route) => route.abort())
    await server.trace({ id: 'meanwhile' })
    await page.getByText('no answer, trying again').waitFor()
    await page.unroute('**/trace/events?*')
    await row('meanwhile').waitFor()
    await page.getByText('live', { exact: true }).waitFor()
    page.faults.length = 0
  })

  test.each([
    ['en-US', 'en', 'light', 'Event trace', 'rgb(246, 247, 249)'],
    ['en-US', 'en', 'dark', 'Event trace', 'rgb(20, 23, 28)'],
    ['zh-CN', 'zh-CN', 'light', '事件轨迹', 'rgb(246, 247, 249)'],
    ['zh-TW', 'zh-CN', 'dark', '事件轨迹', 'rgb(20, 23, 28)'],
  ] as const)('a browser in %s gets %s, in the %s theme', async (locale, lang, colorScheme, title, background) => {
    const other = await open(server.url, { locale, colorScheme })
    await other.getByRole('heading', { name: title }).waitFor()
    expect(await other.evaluate('document.documentElement.lang')).toBe(lang)
    expect(await other.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(background)
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

  test('language and theme are chosen by hand, too, and remembered', async () => {
    await button('中文').click()
    await page.getByRole('heading', { name: '事件轨迹' }).waitFor()
    await button(/^规则/).click()
    await page.getByText('目标：target').waitFor()
    await page.keyboard.press('Escape')
    await button('主题：跟随系统').click()
    await button('主题：浅色').click()
    await page.reload()
    await button('主题：深色').waitFor()
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(20, 23, 28)')
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
