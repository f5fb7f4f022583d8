import path from 'node:path'
import { systemClock } from '../../shared/clock'
import { describeInBrowser, type TestPage } from '../support/browser'
import { temporaryFolder } from '../support/temporaryFolder'
import { fakePeople, type TestTracePage, tracePages, webhookEvent } from '../support/tracePage'
import { waitFor } from '../support/waitFor'

const startPage = tracePages()
/** SCREENSHOTS keeps them, to be looked at. */
const screenshots = process.env['SCREENSHOTS'] ?? temporaryFolder()

const rule = (name: string, body: object, functionName: string) => ({
  ...{ bus: 'dingtalk', rule: name, enabled: true, pattern: JSON.stringify({ source: ['my.dingtalk'], ...body }) },
  targets: [{ id: name, endpoint: `acs:fc:cn-hangzhou:1:functions/dingtalk-${functionName}`, blocked: false }],
})
const rules = [
  rule('employees', {}, 'employees'),
  rule('enrich', { data: { body: { EventType: ['user_add_org'] } } }, 'enrich'),
]
const left = { syncAction: 'user_leave_org', userId: '0042', name: '小明', title: '总监', CorpId: 'ding1' }

describeInBrowser('the card on which an event is tried', (open) => {
  let server: TestTracePage
  let page: TestPage

  beforeAll(async () => {
    server = await startPage({ clock: systemClock, people: fakePeople({}), rules: () => rules })
    const json = webhookEvent(left, { id: 'left', source: 'my.dingtalk', type: 'eventbridge:Events:HTTPEvent' })
    await server.trace({ id: 'left', json, receivedAt: Date.now() })
  })

  beforeEach(async () => {
    page = await open(server.url)
    await page.locator('.events tbody a').waitFor()
  })

  afterEach(async () => {
    expect(page.faults).toEqual([])
    await page.context().close()
  })

  const card = () => page.getByRole('dialog', { name: 'Try an event' })
  const text = () => card().getByRole('textbox')
  const column = (name: string, rest: string) =>
    card()
      .getByRole('row', { name: `${name} ${rest}` })
      .first()

  test('the row is being made while somebody types', async () => {
    await page.keyboard.press('m')
    await text().and(page.locator(':focus')).waitFor()
    await column('name', '小明 .name').waitFor()
    await card().getByText('data.body.EventType is absent and cannot match ["user_add_org"]').waitFor()
    await text().fill(
      '{"syncAction":"user_modify_org","userId":"7","isAdmin":"never","mobile":"1","hiredDate":"2026年1月2日"}',
    )
    await column('hiredDate', '2026-01-02 .hiredDate').waitFor()
    await column('isAdmin', '– .isAdmin "never" cannot be read as booleanText').waitFor()
    await card().getByText('DROP_FIELDS removes at the door: mobile.').waitFor()
    await text().fill('{"EventType":"org_dept_create","deptId":[5]}')
    await card().getByText('has no event org_dept_create').waitFor()
    await column('removedAt', 'NULL set').waitFor()
    await text().fill('{"syncAction":"user_add_org"}')
    await card().getByText('A dead letter: the event names no userId that can be read').waitFor()
    await page.keyboard.press('Escape')
    await card().waitFor({ state: 'detached' })
  })

  test('a slip is told by its line, and the row comes back when it is mended', async () => {
    await page.getByRole('button', { name: 'Try an event' }).click()
    await text().fill('{\n  "syncAction": "user_add_org",\n  "userId"： "7"\n}')
    await card().getByText('Line 3, column 11: it has the fullwidth ：, where : is meant').waitFor()
    expect(await card().locator('.columns').count()).toBe(0)
    await text().fill('{\n  "syncAction": "user_add_org",\n  "userId": "7"\n}')
    await column('lastAction', 'user_add_org .syncAction').waitFor()
    expect(await card().locator('.error').count()).toBe(0)
  })

  test('it begins with the open event, masked or not as the page has it', async () => {
    await page.locator('.events tbody a').click()
    await page.locator('aside .json').waitFor()
    await page.keyboard.press('m')
    await column('name', '小* .name').waitFor()
    expect(await text().inputValue()).not.toContain('小明')
    await page.keyboard.press('Escape')
    await card().waitFor({ state: 'detached' })
    await page.keyboard.press('p')
    await page.locator('aside .json').getByText('小明').first().waitFor()
    await page.keyboard.press('m')
    await column('name', '小明 .name').waitFor()
    await column('title', '总监 .title').waitFor()
    // nothing of it is in an address
    expect(decodeURI(page.addresses.join())).not.toContain('小明')
  })

  test('what is typed is asked for once a pause, and the last of it counts', async () => {
    const asked: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/trace/map')) asked.push(request.postDataJSON().text)
    })
    await page.keyboard.press('m')
    await text().fill('')
    await text().pressSequentially('{"syncAction":"user_add_org","userId":"4711"}')
    await card().getByText('4711', { exact: true }).first().waitFor()
    expect(asked.at(-1)).toBe('{"syncAction":"user_add_org","userId":"4711"}')
  })

  test.each([
    ['en-US', 'light', 'Try an event'],
    ['en-US', 'dark', 'Try an event'],
    ['zh-CN', 'light', '试映射'],
    ['zh-CN', 'dark', '试映射'],
  ] as const)('in %s, in the %s theme', async (locale, colorScheme, name) => {
    const other = await open(server.url, { locale, colorScheme })
    await other.locator('.events tbody a').waitFor()
    await other.keyboard.press('m')
    const dialog = other.getByRole('dialog', { name })
    await dialog.locator('.columns').waitFor()
    const said = (await dialog.locator('.try > section').innerText()).replace(/^.*eventbridge:Events.*$/m, '')
    if (locale === 'zh-CN') expect(said).not.toMatch(/matches|nothing at|only other|version/i)
    await other.screenshot({ path: path.join(screenshots, `try-${locale}-${colorScheme}.png`) })
    await other.setViewportSize({ width: 375, height: 812 })
    await waitFor(() => other.evaluate<boolean>('document.querySelector("dialog").clientWidth < 375'))
    await other.screenshot({ path: path.join(screenshots, `try-${locale}-${colorScheme}-phone.png`) })
    const overhang = 'document.querySelector("dialog").scrollWidth - document.querySelector("dialog").clientWidth'
    expect([await other.evaluate(overhang), other.faults]).toEqual([0, []])
    await other.context().close()
  })
})

test('an emulator by itself has no functions to ask', async () => {
  const alone = await startPage()
  expect(await alone.post('/trace/map', { text: '{}' })).toMatchObject({ status: 404 })
})
