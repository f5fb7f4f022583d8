import path from 'node:path'
import type { Locator } from 'playwright-core'
import { describeInBrowser, type TestPage } from '../support/browser'
import { emulators, type TestEmulator } from '../support/emulator'
import { startServer, type TestServer } from '../support/rawHttp'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

/** SCREENSHOTS keeps them, to be looked at. */
const screenshots = process.env['SCREENSHOTS'] ?? temporaryFolder()
const start = emulators()

const yaml = `EventBusName: my-bus
EventSources: [{ EventSourceName: my.orders }]
Rules:
  - RuleName: paid
    FilterPattern: { source: [my.orders], data: { state: [{ prefix: pa }], items: [{ numeric: ['>', 0, '<=', 5] }] } }
    Targets:
      - Id: queue
        Type: acs.mns.queue
        Endpoint: acs:mns:cn-hangzhou:1:queues/orders
        ParamList:
          - { ResourceKey: queue, Form: CONSTANT, Value: orders }
          - { ResourceKey: Body, Form: TEMPLATE, Value: '{"id":"$.data.orderId"}', Template: 'order \${id}' }
  - RuleName: down
    FilterPattern: { data: { state: [lost] } }
    Targets:
      - Id: nobody
        Type: http
        Endpoint: http://127.0.0.1:9/
        PushRetryStrategy: BACKOFF_RETRY
        DeadLetterQueue: { Arn: 'acs:mns:cn-hangzhou:1:/queues/dead' }
        ParamList: [{ ResourceKey: Body, Form: ORIGINAL }]
---
EventBusName: a-bus-without-rules
Rules: []
`.replaceAll('\\$', '$')

describeInBrowser('the page of an emulator by itself', (open) => {
  let emulator: TestEmulator
  let server: TestServer
  let url: string
  let page: TestPage

  beforeEach(async () => {
    // in memory: no disk is waited for between what a step does and what the page shows of it
    emulator = await start({ yaml, storeFile: undefined })
    emulator.eventBridge.deliver()
    server = await startServer((req, res) => void emulator.eventBridge.tracePage(req, res))
    url = `http://127.0.0.1:${server.port}`
    page = await open(url)
    await page.getByRole('heading', { name: 'No events yet' }).waitFor()
  })

  afterEach(async () => {
    expect(page.faults).toEqual([])
    await page.context().close()
    emulator.eventBridge.endStreams()
    await server.close()
  })

  const dialog = (name: string) => page.getByRole('dialog', { name })
  const form = () => dialog('Send an event')
  const submit = () => form().getByRole('button', { name: 'Send', exact: true }).click()

  /** Publishes an event as the page does. */
  async function publish(data: object, fields: object = {}): Promise<{ id: string; seq?: number }> {
    const draft = { bus: 'my-bus', source: 'my.orders', type: 'my.type', data: JSON.stringify(data), ...fields }
    const headers = { 'x-trace-page': '1' }
    const answer = await fetch(`${url}/trace/publish`, { method: 'POST', headers, body: JSON.stringify(draft) })
    // the page is told a moment later
    await emulator.clock.advance(300)
    return (await answer.json()) as { id: string; seq?: number }
  }

  /** How many events there are: the page would show them a moment later. */
  async function kept(): Promise<number> {
    return ((await (await fetch(`${url}/trace/events`)).json()) as { total: number }).total
  }

  /** An event that ends in the dead-letter queue. */
  async function bury(name: string): Promise<void> {
    const { id } = await publish({ state: 'lost', name })
    await waitFor(async () => {
      await emulator.clock.advance(20_000)
      const answer = await fetch(`${url}/trace/messages?queue=dead&reveal=1`)
      return (await answer.text()).includes(id)
    })
  }

  test('the keys that are named are those that do something here', async () => {
    await page.keyboard.press('?')
    const keys = dialog('Keys').locator('kbd')
    await keys.first().waitFor()
    expect(await keys.allTextContents()).toEqual([
      ...['j, ↓ / k, ↑', 'Enter', 'Esc', '/', 'x', 'r', 'p', 's', 'e', 't', 'q', 'g', '?'],
    ])
    await page.keyboard.press('Escape')
  })

  test('an event is sent by a form, and shown', async () => {
    await page.getByRole('button', { name: 'Send an event' }).first().click()
    await form().getByLabel('Sample').and(page.locator(':focus')).waitFor()
    await waitFor(async () => (await form().getByLabel('Bus').inputValue()) === 'my-bus')
    expect(await form().getByLabel('Source').inputValue()).toBe('my.orders')
    await form().getByLabel('Subject').fill('order 7')
    await submit()
    await form().getByText('Accepted.').waitFor()
    await form().getByRole('button', { name: 'Show the event' }).click()
    await page.locator('aside .json').getByText('"order 7"').waitFor()
    await page.locator('aside').getByText('matches, goes to queue').waitFor()
  })

  test('what PutEvents refuses is refused, in its words; and data that is no JSON, by its line', async () => {
    await page.keyboard.press('e')
    await waitFor(async () => (await form().getByLabel('Bus').inputValue()) === 'my-bus')
    await form().getByLabel('Source').fill('no source')
    await submit()
    await form().getByText('Refused, EventSourceInvalid: The event source is invalid').waitFor()
    await form().getByLabel('Source').fill('my.orders')
    await form().getByLabel('Type').fill('')
    await submit()
    await form().getByText('Refused, EventTypeInvalid').waitFor()
    await form().getByLabel('Type').fill('t')
    await form().getByLabel('Data, JSON').fill('{\n  "a"： 1 }')
    await submit()
    await form().getByText('Line 2, column 6: it has the fullwidth ：').waitFor()
    expect(await kept()).toBe(0)
  })

  test('samples: an event that each rule matches, a scheduled one, and the last one, changed', async () => {
    await page.keyboard.press('e')
    await form().getByLabel('Sample').selectOption({ label: 'one that paid matches' })
    await submit()
    await form().getByText('Accepted.').waitFor()
    await form().getByLabel('Sample').selectOption({ label: 'a scheduled event' })
    expect(await form().getByLabel('Type').inputValue()).toBe('eventbridge:Events:ScheduledEvent')
    await page.keyboard.press('Escape')
    await page.locator('.events tbody tr').getByText('queue').waitFor()
    await page.keyboard.press('p')
    await page.keyboard.press('e')
    await form().getByLabel('Sample').selectOption({ label: 'the open or newest event again' })
    const data = form().getByLabel('Data, JSON')
    await data.fill((await data.inputValue()).replace('"state": "pa"', '"state": "unpaid"'))
    await submit()
    await form().getByText('Accepted.').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('.events tbody tr').first().getByText('paid: data.state does not match').waitFor()
  })

  test('a pattern and a transform are tried while somebody types, and so are the rules', async () => {
    await page.keyboard.press('t')
    const card = dialog('Try a pattern')
    const result = card.getByRole('region', { name: 'What it would do' })
    await result.getByText('matches', { exact: true }).waitFor()
    const event = card.getByLabel('Event: a CloudEvent, as JSON')
    const pattern = card.getByLabel('Event pattern, as JSON')
    await pattern.fill('{"data": {"state": [{"sufix": "id"}]}}')
    await result.getByText('is refused: data.state[0]: unknown operator "sufix"').waitFor()
    await pattern.fill('{"data": {"state": ["new"]}')
    await result.getByText('Line 1, column 28: it is no JSON: a } is missing').waitFor()
    await pattern.fill('{"data": {"state": ["new"]}}')
    await result.getByText('does not match: data.state does not match ["new"]').waitFor()
    await card.getByLabel('the pattern of a rule …').selectOption({ label: 'my-bus / paid' })
    await result.getByText('does not match: source does not match ["my.orders"]').waitFor()
    await event.fill((await event.inputValue()).replace('my.source', 'my.orders'))
    await result.getByText('order 1001').waitFor()
    await card.getByLabel('Transform').selectOption('JSONPATH')
    await result.getByText('Body: JSONPATH needs a Value').waitFor()
    await card.getByLabel('Value: a path').fill('$.data.items')
    await result.locator('.json', { hasText: /^2$/ }).waitFor()
    await card.getByLabel('Transform').selectOption('TEMPLATE')
    await card.getByLabel('Value: {').fill('{"s":"$.data.state"}')
    await card.getByLabel('Template').fill('it is ${s}')
    await result.getByText('it is paid').waitFor()
    await event.fill('{"data": ')
    await result.getByText('Event: a CloudEvent, as JSON: Line 1, column').waitFor()
    expect(await kept()).toBe(0)
  })

  test('events are found by what is in their data, by the list, the counts, the chart and replay', async () => {
    for (const n of [1, 2, 3]) await publish({ state: n === 2 ? 'paid' : 'open', user: { id: 4710 + n }, items: n })
    const filter = page.getByLabel('in the event')
    const shows = (number: number) => waitFor(async () => (await page.locator('.events tbody tr').count()) === number)
    await shows(3)
    await filter.fill('data.user.id = 4712')
    await filter.press('Enter')
    await shows(1)
    expect(new URL(page.url()).searchParams.get('data')).toBe('data.user.id = 4712')
    await page.getByRole('img', { name: /1 event/ }).waitFor()
    await page.getByRole('link', { name: 'all 1' }).waitFor()
    await page.reload()
    await shows(1)
    expect(await filter.inputValue()).toBe('data.user.id = 4712')
    await filter.fill('state prefix op and items > 1')
    await filter.press('Enter')
    await waitFor(() => new URL(page.url()).searchParams.get('data') === 'state prefix op and items > 1')
    await shows(1)
    await filter.fill('state =')
    await filter.press('Enter')
    await page.getByText('data: must be a field and what it is').waitFor()
    expect(await filter.getAttribute('aria-invalid')).toBe('true')
    // a browser tells of a refused answer in its console
    page.faults.length = 0
    await shows(1)
    await filter.fill('{"data": {"state": ["open"]}}')
    await filter.press('Enter')
    await shows(2)
    await page.getByRole('button', { name: 'Replay all 2 …' }).click()
    await page.getByRole('button', { name: 'Replay 2' }).click()
    await page.getByText('2 events were replayed.').waitFor()
    await shows(4)
  })

  test('queues: their messages are looked at, deleted and published again', async () => {
    await publish({ state: 'paid', orderId: '小明', items: 1 })
    await bury('小红')
    await bury('小黑')
    await page.keyboard.press('q')
    const card = dialog('Queues')
    const queue = (name: string) => card.locator('.queues > li', { has: page.locator('b', { hasText: name }) })
    await queue('orders').getByText('1 to be received').waitFor()
    await queue('dead').getByText('2 dead letters').waitFor()
    await queue('dead').getByRole('button', { name: 'Look into it' }).click()
    const letters = queue('dead').locator('.messages > li')
    await waitFor(async () => (await letters.count()) === 2)
    await letters.first().getByText('down → nobody: no answer').waitFor()
    await letters.first().getByText('Message').click()
    await letters.first().getByText('"小*"').waitFor()
    expect(await card.textContent()).not.toContain('小红')
    await card.getByRole('button', { name: 'Show personal data' }).click()
    await letters.first().getByText('"小红"').waitFor()
    await letters.first().getByRole('button', { name: 'Publish again' }).click()
    await card.getByText('1 event was published again.').waitFor()
    await letters.first().getByText('leaves the queue once its target has the event').waitFor()
    const height = async () => (await card.boundingBox())?.height
    const before = await height()
    await letters.last().getByRole('button', { name: 'Delete' }).click()
    await card.getByText('1 message was deleted.').waitFor()
    await waitFor(async () => (await letters.count()) === 1)
    // else a second click would be one beside the card, and close it
    expect(await height()).toBe(before)
    await queue('orders').getByRole('button', { name: 'Look into it' }).click()
    await queue('orders').getByRole('button', { name: 'Delete all' }).click()
    await queue('orders').getByRole('button', { name: 'Really delete 1?' }).click()
    await queue('orders').getByText('The queue is empty.').waitFor()
    // asked for by itself, and there a moment later at times
    await queue('orders').getByText('0 to be received').waitFor()
  })

  test('queues: no button moves away from under a click, so that a second click does nothing else', async () => {
    await publish({ state: 'paid', orderId: '1001', items: 1 })
    await bury('小红')
    await page.keyboard.press('q')
    const card = dialog('Queues')
    const queue = (name: string) => card.locator('.queues > li', { has: page.locator('b', { hasText: name }) })
    const look = (name: string) => queue(name).getByRole('button', { name: 'Look into it' })
    /** Clicks it, and once that shows is where it was. */
    async function clickStaying(button: Locator, shows: Locator): Promise<void> {
      const before = await button.boundingBox()
      await button.click()
      await shows.waitFor()
      expect(await button.boundingBox()).toEqual(before)
    }
    for (const name of ['dead', 'orders']) {
      await clickStaying(look(name), queue(name).getByRole('button', { name: 'Delete', exact: true }))
    }
    await clickStaying(
      queue('orders').getByRole('button', { name: 'Delete all' }),
      queue('orders').getByRole('button', { name: 'Really delete 1?' }),
    )
    await queue('orders').getByRole('button', { name: 'Cancel' }).click()
    await queue('orders').getByRole('button', { name: 'Really delete 1?' }).waitFor({ state: 'detached' })
    expect(await queue('orders').locator('.messages > li').count()).toBe(1)
  })

  test.each([
    ['en-US', 'light'],
    ['en-US', 'dark'],
    ['zh-CN', 'light'],
    ['zh-CN', 'dark'],
  ] as const)('in %s, in the %s theme, wide and on a phone', async (locale, colorScheme) => {
    await publish({ state: 'paid', orderId: '1001', items: 1 })
    await bury('小红')
    const other = await open(url, { locale, colorScheme })
    await other.locator('.events tbody a').first().waitFor()
    await other.screenshot({ path: path.join(screenshots, `alone-${locale}-${colorScheme}.png`) })
    for (const [key, name] of [
      ['e', 'send'],
      ['t', 'pattern'],
      ['q', 'queues'],
    ] as const) {
      await other.setViewportSize({ width: 1440, height: 900 })
      await other.keyboard.press(key)
      await other.getByRole('dialog').waitFor()
      if (key === 't') await other.locator('.steps').first().waitFor()
      if (key === 'q') {
        await other.locator('.queues button').first().click()
        await other.locator('.messages summary').first().click()
      }
      await other.screenshot({ path: path.join(screenshots, `alone-${name}-${locale}-${colorScheme}.png`) })
      await other.setViewportSize({ width: 375, height: 812 })
      await waitFor(() => other.evaluate<boolean>('document.querySelector("dialog").clientWidth < 375'))
      await other.screenshot({ path: path.join(screenshots, `alone-${name}-${locale}-${colorScheme}-phone.png`) })
      const overhang = 'document.querySelector("dialog").scrollWidth - document.querySelector("dialog").clientWidth'
      expect(await other.evaluate(overhang)).toBe(0)
      expect(await other.evaluate('document.documentElement.scrollWidth')).toBe(375)
      await other.keyboard.press('Escape')
      await other.getByRole('dialog').waitFor({ state: 'detached' })
    }
    expect(other.faults).toEqual([])
    await other.context().close()
  })
})
