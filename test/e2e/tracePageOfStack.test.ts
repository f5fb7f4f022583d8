import path from 'node:path'
import { describeInBrowser, type TestPage } from '../support/browser'
import { type ReadyStack, startStack } from '../support/stackProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const localDir = path.join(temporaryFolder(), 'local')

describeInBrowser('the trace page of the whole stack', (open) => {
  const step = story()
  let stack: ReadyStack

  beforeAll(async () => {
    stack = await startStack(localDir)
  }, 180_000)

  afterAll(() => stack?.stop())

  /** While one is still there, the page takes no key and nothing typed. */
  async function leaveDialog(page: TestPage): Promise<void> {
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }

  step('from the form to the row, then another row, a replay, and a rule that is paused', async () => {
    const { origin } = stack
    const page = await open(origin)
    const dialog = page.getByRole('dialog')
    const events = page.locator('.events tbody tr')
    const send = async (action: string, name: string) => {
      await page.keyboard.press('s')
      await dialog.getByLabel('Action').selectOption(action)
      await dialog.getByLabel('Name').fill(name)
      await dialog.getByLabel('User id').fill('4711')
      await dialog.getByRole('button', { name: 'Send', exact: true }).click()
      await dialog.getByText('Accepted.').waitFor()
      await leaveDialog(page)
    }
    await page.getByText('No events yet').waitFor()

    await send('user_add_org', '小明')
    await events.getByText(/^employees · .* · received 1, stored 1$/).waitFor()
    await events.getByRole('link').click()
    await page.getByRole('row', { name: '● name 小*' }).waitFor()
    await page.keyboard.press('p')
    await page.getByRole('row', { name: '● name 小明' }).waitFor()

    await send('user_leave_org', '小明')
    await page.getByRole('row', { name: /^leftAt 20/ }).waitFor()
    await page.getByLabel('action').fill('user_leave_org')
    await events.getByText('user_leave_org').waitFor()
    await page.getByRole('button', { name: 'Replay all 1 …' }).click()
    await dialog.getByRole('button', { name: 'Replay it' }).click()
    await page.getByText('1 event was replayed.').waitFor()
    await events.nth(1).waitFor()
    await page.getByRole('link', { name: 'delivered 2' }).waitFor()

    await page.getByRole('button', { name: 'Rules' }).click()
    await dialog.getByRole('button', { name: 'Pause' }).click()
    await dialog.getByRole('button', { name: 'Resume' }).waitFor()
    await leaveDialog(page)
    await send('user_leave_org', '小明')
    await page.getByRole('link', { name: 'no rule 1' }).click()
    await waitFor(async () => (await events.count()) === 1)
    await events.getByRole('link').click()
    await page.locator('aside').getByText('the rule is disabled').waitFor()

    expect(page.faults).toEqual([])
    expect(page.addresses.filter((address) => !address.startsWith(origin) && !address.startsWith('data:'))).toEqual([])
  })

  step('what the function puts into dead_letters is no success', async () => {
    const body = JSON.stringify({ syncAction: 'user_add_org', userId: '4712', name: '小红', CorpId: 'x'.repeat(65) })
    const page = await open(stack.origin)
    await page.getByRole('button', { name: 'Rules' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).waitFor()
    await leaveDialog(page)
    await fetch(`${stack.origin}/webhook/putEvents`, { method: 'POST', body })
    await page.getByRole('link', { name: 'set aside 1' }).click()
    await page.locator('.events tbody tr:has(.set-aside)').getByRole('link').click()
    await page.locator('aside').getByText('corpId is longer than 64 characters').waitFor()
    await page.locator('aside').getByText('npm run replay -- --dead-letters').waitFor()
    await page.getByLabel('user id or full name').fill('小红')
    await page.keyboard.press('Enter')
    await waitFor(() => new URL(page.url()).searchParams.get('person') === '4712')
    expect(page.faults).toEqual([])
  })

  step('an event that is tried goes by the rules, variables and tables that run, and nowhere else', async () => {
    const page = await open(stack.origin)
    const counted = page.getByRole('link', { name: /^all \d/ })
    await page.locator('.events tbody tr').first().waitFor()
    const before = await counted.textContent()
    await page.keyboard.press('m')
    const card = page.getByRole('dialog', { name: 'Try an event' })
    await card.getByRole('textbox').fill('{"syncAction":"user_add_org","userId":"4713","name":"小刚","mobile":"1"}')
    await card.getByText('employees matches').waitFor()
    await card.getByText('DROP_FIELDS removes at the door: mobile.').waitFor()
    await card.getByRole('row', { name: 'name 小刚 .name' }).waitFor()
    await leaveDialog(page)
    expect(await counted.textContent()).toBe(before)
    expect(page.faults).toEqual([])
  })

  step('a page that listens does not keep the stack from stopping', async () => {
    const page = await open(stack.origin)
    await page.getByText('live', { exact: true }).waitFor()
    expect(await stack.stop()).toBe(0)
    await page.getByText('no answer, trying again').waitFor()
  })
})
