import fs from 'node:fs'
import path from 'node:path'
import { signedUrl } from '../../emulator/targets/dingtalkTarget'
import { robotVariables } from '../../local/dingtalk/robot'
import { describeInBrowser } from '../support/browser'
import { PROJECT } from '../support/documents'
import { type ReadyStack, runCli, startStack } from '../support/stackProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder()
const localDir = path.join(folder, 'local')
const config = path.join(folder, 'eventbridge.yaml')
/** SCREENSHOTS keeps them, to be looked at. */
const screenshots = process.env['SCREENSHOTS'] ?? folder
const WELCOME = '有新同事加入，欢迎！'

describeInBrowser('notifications by the robot of a group', (open) => {
  const step = story()
  let stack: ReadyStack

  beforeAll(async () => {
    const text = fs.readFileSync(path.join(PROJECT, 'eventbridge.yaml'), 'utf8')
    const enabled = text.replaceAll('Status: DISABLE', 'Status: ENABLE')
    // one stays disabled: it is left out, by provision as by the stack
    const file = enabled.replace(/(RuleName: room-booked\n.*\n +Status: )ENABLE/, '$1DISABLE')
    expect([text.match(/DISABLE/g)?.length, file.match(/DISABLE/g)?.length]).toEqual([9, 1])
    fs.writeFileSync(config, file)
    stack = await startStack(localDir, {}, ['--config', config, '--dingtalk', '20'])
  }, 180_000)
  afterAll(() => stack?.stop())

  type Said = { messages: { message: { text?: { content: string } } }[] }
  async function said(): Promise<string[]> {
    const { messages } = (await (await fetch(`${stack.origin}/dingtalk/robot/messages`)).json()) as Said
    return messages.map(({ message }) => message.text?.content ?? '')
  }
  const until = (count: number) =>
    waitFor(
      async () => (await said()).length === count,
      () => `the robot did not say ${count} messages`,
    )

  step('without variables enabled rules have the double, and the start says so', async () => {
    expect(stack.output()).toMatch(/^robot: a double of DingTalk’s, as DINGTALK_ROBOT_URL is not set/m)
    expect(stack.output()).not.toContain('mind that')
    const plan = await runCli('provision', ['--local', '--plan', '--file', config], { LOCAL_DIR: localDir })
    expect(plan).toMatchObject({ code: 0, output: expect.stringMatching(/^no changes$/m) })
  })

  step(
    'a new hire is welcomed once; an event of a connector, an approval and a room are told; a walk says nothing',
    async () => {
      const headers = { 'content-type': 'application/json' }
      const post = (url: string, body: object) =>
        fetch(`${stack.origin}${url}`, { method: 'POST', headers, body: JSON.stringify(body) })
      await post('/dingtalk/control/hire', { name: '小红' })
      await until(1)
      await post('/webhook/putEvents', { syncAction: 'user_add_org', userId: '4711', name: '小明' })
      await until(2)
      const approval = {
        EventType: 'bpms_instance_change',
        processInstanceId: 'i1',
        businessId: '20260921',
        corpId: 'c',
      }
      await post('/webhook/putEvents', { ...approval, type: 'finish', result: 'agree' })
      const room = { EventType: 'meetingroom_book', bookId: 'bk1', corpId: 'c' }
      await post('/webhook/putEvents', { ...room, eventSubType: 'bookUpdate' })
      await until(4)
      const walk = await runCli('reconcile', ['--local', '--yes'], { LOCAL_DIR: localDir })
      expect(walk.code).toBe(0)
      await post('/webhook/putEvents', { ...room, eventSubType: 'bookCancel' })
      await until(5)
      expect((await said()).sort()).toEqual(
        [
          ...[WELCOME, WELCOME, '审批已通过，编号 20260921。', '会议有变更，会议室预订 bk1。'],
          '会议室预订已取消或被拒绝，预订 bk1。',
        ].sort(),
      )
    },
  )

  step('the card shows what a group would see, in both languages, light and dark, also on a phone', async () => {
    const markdown = {
      title: 't',
      text: '## 周报\n> 本周\n- **三人**入职\n- [看板](https://example.com/board)\n![x](https://example.com/x.png)',
    }
    const { DINGTALK_ROBOT_URL: address, DINGTALK_ROBOT_SECRET: secret } = robotVariables(stack.origin)
    const url = signedUrl(new URL(address), secret, Date.now())
    const body = JSON.stringify({ msgtype: 'markdown', markdown, at: { isAtAll: true } })
    const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(await answer.json()).toEqual({ errcode: 0, errmsg: 'ok' })
    const page = await open(stack.origin)
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Robot' }).waitFor()
    await page.keyboard.press('b')
    await dialog.getByText(WELCOME).first().waitFor()
    await dialog.getByText('周报').waitFor()
    expect(await dialog.getByRole('link', { name: '看板' }).getAttribute('href')).toBe('https://example.com/board')
    await dialog.getByText('@all').waitFor()
    // what comes while it is open
    const welcomes = await dialog.getByText(WELCOME).count()
    expect((await runCli('send', ['user_add_org'], { LOCAL_DIR: localDir })).code).toBe(0)
    await dialog.getByText(WELCOME).nth(welcomes).waitFor()
    await page.screenshot({ path: path.join(screenshots, 'robot.png') })
    expect(page.faults).toEqual([])
    expect(page.addresses.filter((one) => !one.startsWith(stack.origin))).toEqual([])

    const phone = await open(stack.origin, {
      ...{ viewport: { width: 390, height: 800 }, locale: 'zh-CN', colorScheme: 'dark' },
    })
    await phone.getByRole('button', { name: '机器人' }).click()
    await phone.getByRole('dialog').getByText(WELCOME).first().waitFor()
    await phone.screenshot({ path: path.join(screenshots, 'robot-phone.png') })
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
  })

  step('no secret is in the log of the functions, in the store or on the page', async () => {
    const files = [
      'functions.log',
      ...fs.readdirSync(path.join(localDir, 'eventbridge')).map((name) => `eventbridge/${name}`),
    ]
    for (const file of files) {
      const text = fs.readFileSync(path.join(localDir, file), 'latin1')
      expect([file, /access_token=local|SEClocal/.test(text)]).toEqual([file, false])
    }
    expect(await (await fetch(`${stack.origin}/trace/rules`)).text()).not.toMatch(/access_token|SEClocal/)
    expect(stack.output()).not.toMatch(/access_token=local|SEClocal/)
  })

  step('a robot of DingTalk’s own is not reached without --allow-host, and its secret is nowhere', async () => {
    await stack.stop()
    const real = {
      DINGTALK_ROBOT_URL: 'https://oapi.dingtalk.com/robot/send?access_token=hush',
      DINGTALK_ROBOT_SECRET: 'SEChush',
    }
    stack = await startStack(localDir, real, ['--config', config])
    expect(stack.output()).not.toMatch(/robot|hush/)
    expect((await runCli('send', ['user_add_org'], { LOCAL_DIR: localDir })).code).toBe(0)
    // refused, or where there is no network not even looked up
    await waitFor(async () => (await (await fetch(`${stack.origin}/trace/events`)).text()).includes('no answer: '))
    const page = await open(stack.origin)
    await page.getByRole('button', { name: 'Rules' }).waitFor()
    expect(await page.getByRole('button', { name: 'Robot' }).count()).toBe(0)
    expect(await page.content()).not.toContain('hush')
  })

  step('as it is shipped there is no robot, and no rule that waits', async () => {
    await stack.stop()
    stack = await startStack(localDir)
    expect(stack.output()).not.toContain('robot')
    const rules = (await (await fetch(`${stack.origin}/trace/rules`)).json()) as { rule: string }[]
    expect(rules.map(({ rule }) => rule)).toEqual(['employees'])
  })
})
