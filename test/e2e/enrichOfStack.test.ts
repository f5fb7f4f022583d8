import fs from 'node:fs'
import path from 'node:path'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { describeInBrowser } from '../support/browser'
import { type ReadyStack, runCli, startStack } from '../support/stackProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const localDir = path.join(temporaryFolder(), 'local')
/** SCREENSHOTS keeps them, to be looked at. */
const screenshots = process.env['SCREENSHOTS'] ?? temporaryFolder()
const BURST = 40
const WAIT_MS = 90_000

describeInBrowser('enrich and reconcile on the stack of a loopback DingTalk', (open) => {
  const step = story()
  let stack: ReadyStack
  let who = ''

  beforeAll(async () => {
    stack = await startStack(localDir, {}, ['--dingtalk', '120'])
  }, 180_000)
  afterAll(() => stack?.stop())

  async function control<T = { userid: string; id: string }>(name: string, body?: object): Promise<T> {
    const init = body && { method: 'POST', body: JSON.stringify(body) }
    const answer = await fetch(`${stack.origin}/dingtalk/control/${name}`, init)
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as T
  }
  async function select(sql: string, values: string[] = []): Promise<RowDataPacket[]> {
    const { MYSQL_HOST: host, MYSQL_PORT: port, MYSQL_USER: user, MYSQL_PASSWORD: password, ...env } = stack.env
    const database = env['MYSQL_DATABASE']
    const connection = await createConnection({ host, port: Number(port), user, password, database } as object)
    try {
      return (await connection.query<RowDataPacket[]>(sql, values))[0]
    } finally {
      await connection.end()
    }
  }
  const row = async (userid: string) => (await select('SELECT * FROM user_info WHERE userId = ?', [userid]))[0]
  const until = (isSo: (found: RowDataPacket) => boolean) =>
    waitFor(
      async () => {
        const found = await row(who)
        return found !== undefined && isSo(found)
      },
      () => `the row of ${who} did not become so`,
      WAIT_MS,
    )

  step('says which functions run', () => {
    expect(stack.output()).toMatch(
      /^Ready in .* Functions: webhook, employees, enrich, reconcile {2}\(Ctrl-C stops\)$/m,
    )
    // by which npm run doctor knows whose walks follow
    const [first = ''] = fs.readFileSync(path.join(localDir, 'functions.log'), 'utf8').split('\n')
    expect(JSON.parse(first)).toMatchObject({ outcome: 'app', app: stack.env['DINGTALK_APP_KEY'] })
  })

  step('who is hired, renamed, moved and dismissed is so in the table; callbacks carry ids alone', async () => {
    who = (await control('hire', { name: '小红', title: '会计' })).userid
    await until(({ name, title }) => name === '小红' && title === '会计')
    await control('rename', { userid: who, name: '小兰' })
    await until(({ name }) => name === '小兰')
    const { id } = await control('create-department', { name: '新部' })
    await control('move', { userid: who, departments: [id] })
    await until(({ department }) => JSON.stringify(department) === `[${id}]`)
    const explained = await runCli('explain', [who], { LOCAL_DIR: localDir })
    expect(explained.output).toMatch(/lastAction +user_snapshot/)
    await control('dismiss', { userid: who })
    await until(({ leftAt, active }) => leftAt !== null && active === 'false')
  })

  step(
    'out of the scope of the app: the row says so; who is gone by the time they are asked about has left',
    async () => {
      await control('settings', { range: { departments: [], users: [] } })
      who = (await control('hire', {})).userid
      await until(({ syncState }) => syncState === 'out_of_scope')
      await control('settings', { range: { departments: ['1'], users: [] } })
      await control('rename', { userid: who, name: '小青' })
      await until(({ name, syncState }) => name === '小青' && syncState === 'ok')
      await control('settings', { fail: 'latency=3s' })
      who = (await control('hire', {})).userid
      await until(() => true)
      await control('settings', { fail: 'callback-gone=100%' })
      await control('dismiss', { userid: who })
      await control('settings', { fail: '' })
      await until(({ leftAt }) => leftAt !== null)
    },
  )

  step('a burst: everybody has a row and a name, and no second more calls than the limit', async () => {
    await control('settings', { fail: 'throttle=5%' })
    await control('reset-counts', {})
    const hired = await Promise.all(Array.from({ length: BURST }, () => control('hire', { name: '小雨' })))
    const named = () => select("SELECT userId FROM user_info WHERE name = '小雨'")
    await waitFor(
      async () => (await named()).length === hired.length,
      () => 'somebody has no name',
      WAIT_MS,
    )
    await control('settings', { fail: '' })
    type Counts = { paths: Record<string, { mostInASecond: number }>; callbacks: { failed: number } }
    const { paths, callbacks } = await control<Counts>('counts')
    // 5 of enrich, and 10 of the walk that the change of the range has begun
    expect(paths['oapi/topapi/v2/user/get']?.mostInASecond).toBeLessThanOrEqual(15)
    expect(callbacks.failed).toBe(0)
  })

  step('the functions’ own walk and the desk’s at once: neither fails, and nobody is marked as left', async () => {
    const url = `${stack.origin}/2023-03-30/functions/dingtalk-reconcile/invocations`
    const timer = fetch(url, { method: 'POST', body: '{"triggerName":"nightly","payload":"full"}' })
    const desk = runCli('reconcile', ['--local', '--yes'], { LOCAL_DIR: localDir })
    const answer = await timer
    expect([answer.headers.get('x-fc-error-type'), await answer.json()]).toEqual([
      null,
      expect.objectContaining({ outcome: 'walked' }),
    ])
    expect((await desk).code).toBe(0)
    const { people } = await control<{ people: { userid: string }[] }>('organisation')
    const present = () => select('SELECT userId FROM user_info WHERE leftAt IS NULL')
    await waitFor(
      async () => (await present()).length === people.length,
      () => 'there are others in the table than in the organisation',
      WAIT_MS,
    )
  })

  step('the card on the trace page hires, renames, moves and dismisses, by keyboard, also on a phone', async () => {
    const page = await open(stack.origin)
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Change DingTalk' }).waitFor()
    await page.keyboard.press('d')
    await dialog.getByLabel('Change').waitFor()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('小竹')
    await page.keyboard.press('Enter')
    await dialog.getByText(/^Done: .* Callbacks: user_add_org\.$/).waitFor()
    // the next one who is hired is somebody else
    expect([await dialog.getByLabel('Change').inputValue(), await dialog.getByLabel('User id').inputValue()]).toEqual([
      'hire',
      '',
    ])
    who = (await dialog.getByText(/^Done: /).textContent())?.match(/^Done: (\S+)\. /)?.[1] ?? ''
    await until(({ name }) => name === '小竹')
    await dialog.getByLabel('Change').selectOption('rename')
    expect(await dialog.getByLabel('User id').inputValue()).toBe(who)
    // what came of one change is not that of the next
    expect(await dialog.getByText(/^Done: /).count()).toBe(0)
    const people = (await control<{ people: object[] }>('organisation')).people.length
    await dialog.getByText(`The newest 100 of ${people} are suggested; any user id can be typed.`).waitFor()
    await dialog.getByLabel('User id').fill('小竹')
    await dialog.getByText('No name is looked up here: type a user id, or choose a suggestion.').waitFor()
    await dialog.getByLabel('User id').fill(who)
    expect(await dialog.getByText('No name is looked up here').count()).toBe(0)
    await dialog.getByRole('textbox', { name: 'Name' }).fill('小松')
    await page.keyboard.press('Enter')
    await until(({ name }) => name === '小松')
    await dialog.getByLabel('Change').selectOption('move')
    const department = await dialog.getByLabel('Department').locator('option').nth(2).getAttribute('value')
    await dialog.getByLabel('Department').selectOption(department)
    await page.screenshot({ path: path.join(screenshots, 'directory.png') })
    await dialog.getByRole('button', { name: 'Do it' }).click()
    await until((found) => JSON.stringify(found['department']) === `[${department}]`)
    await dialog.getByLabel('A third of the callbacks is lost').check()
    await dialog.getByText('npm run reconcile -- --failed-only').waitFor()
    const lost = async () => (await control<{ callbacksLost: number }>('excerpt')).callbacksLost
    await waitFor(async () => (await lost()) === 0.33)
    await dialog.getByLabel('A third of the callbacks is lost').uncheck()
    await waitFor(async () => (await lost()) === 0)
    await dialog.getByLabel('Change').selectOption('dismiss')
    await dialog.getByRole('button', { name: 'Do it' }).click()
    await until(({ leftAt }) => leftAt !== null)
    expect(page.faults).toEqual([])

    const phone = await open(stack.origin, { viewport: { width: 390, height: 800 }, locale: 'zh-CN' })
    await phone.getByRole('button', { name: '变更钉钉组织' }).click()
    await phone.getByRole('dialog').getByLabel('操作').selectOption('dismiss')
    await phone.getByRole('dialog').getByLabel('用户 ID').fill(who)
    await phone.keyboard.press('Enter')
    await phone.getByText('没有这个员工。').waitFor()
    await phone.screenshot({ path: path.join(screenshots, 'directory-phone.png') })
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  })

  step('without --dingtalk neither runs, nothing complains, and the page has no card', async () => {
    await stack.stop()
    stack = await startStack(localDir)
    expect(stack.output()).toMatch(/ Functions: webhook, employees {2}\(/)
    expect(stack.output()).not.toMatch(/mind that|enrich|reconcile/)
    const page = await open(stack.origin)
    await page.getByRole('button', { name: 'Rules' }).waitFor()
    expect(await page.getByRole('button', { name: 'Change DingTalk' }).count()).toBe(0)
    await page.keyboard.press('d')
    expect(await page.getByRole('dialog').count()).toBe(0)
  })
})
