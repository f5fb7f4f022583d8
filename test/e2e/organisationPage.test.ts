import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../../shared/freePort'
import { describeInBrowser } from '../support/browser'
import { PROJECT } from '../support/documents'
import { readExample } from '../support/examples'
import { prepareStackDatabase } from '../support/mariadb'
import { copyProject, linkFetchedServer } from '../support/projectCopy'
import { untilReady } from '../support/stackProcess'
import { type StartedProcess, startProcess } from '../support/startProcess'
import { story } from '../support/story'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const FILES = ['cli', 'emulator', 'examples', 'functions', 'local', 'shared', 'package.json', 'tsconfig.json', 's.yaml']

describeInBrowser('GET /organisation', (open) => {
  const localDir = path.join(
    temporaryFolder(async () => {
      stack?.kill('SIGINT')
      await stack?.ended()
    }),
    'local',
  )
  const copy = path.join(temporaryFolder(), 'project')
  const step = story()
  let stack: StartedProcess | undefined
  let origin = ''

  /** A stack of a copy of this project, whose mapping.yaml ends in this. */
  async function start(appended: string): Promise<void> {
    stack?.kill('SIGINT')
    await stack?.ended()
    const shipped = fs.readFileSync(path.join(PROJECT, 'mapping.yaml'), 'utf8')
    fs.writeFileSync(path.join(copy, 'mapping.yaml'), shipped + appended)
    const port = String(await freePort())
    const environment = { HOME: process.env['HOME'], LOCAL_DIR: localDir, PORT: port }
    stack = startProcess(['/bin/sh', '-c', `cd '${copy}' && exec npm start -- --dingtalk 60`], environment)
    await untilReady(stack)
    origin = `http://127.0.0.1:${port}`
  }

  const figures = async () =>
    (await (await fetch(`${origin}/organisation/figures`)).json()) as Record<string, unknown[]>

  beforeAll(async () => {
    copyProject(copy, [...FILES, 'eventbridge.yaml'])
    linkFetchedServer(copy)
    await prepareStackDatabase(localDir)
    await start('')
  }, 180_000)

  step('where there is nobody, and no table of approvals, it says what to type', async () => {
    const page = await open(origin)
    await page.getByRole('link', { name: 'Organisation' }).click()
    await page.getByText('Nobody is in the table yet').waitFor()
    await page.getByText('npm run reconcile').waitFor()
    await page.getByText('cat examples/approvals.mapping.yaml >> mapping.yaml').waitFor()
    await page.getByRole('link', { name: 'Event trace' }).click()
    await page.getByText('No events yet').waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  })

  step('whoever joins is drawn at once: numbers, and no name or id of a person', async () => {
    const page = await open(`${origin}/organisation`)
    const body = { syncAction: 'user_add_org', userId: '4711', name: '小明', active: true, department: [1, 77] }
    const answer = await fetch(`${origin}/webhook/putEvents`, { method: 'POST', body: JSON.stringify(body) })
    expect(answer.status).toBe(200)
    await page.getByText('1 today').waitFor()
    await page.getByText('department 77').waitFor()
    const { days, departments } = await figures()
    expect(days).toEqual([{ day: expect.any(String), joiners: 1, leavers: 0, headcount: 1 }])
    expect(departments).toEqual(
      ['1', '77'].map((id) => ({ id, parentId: null, name: null, headcount: 1, directly: 1 })),
    )
    expect(JSON.stringify(await figures())).not.toMatch(/4711|小明/)

    // by the keyboard: the table that says what the bars show
    await page.getByText('As a table').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('row', { name: /^20\S+ 1 0 1$/ }).waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { name: '在职人数' }).waitFor()
    expect(await page.title()).toBe('组织')
    await page.getByRole('link', { name: '事件轨迹' }).click()
    await page.getByRole('heading', { name: '事件轨迹' }).waitFor()
    expect(page.faults).toEqual([])
    expect(page.addresses.filter((address) => !address.startsWith(origin))).toEqual([])
    await page.context().close()
  })

  step('a page of another origin, and another name for this machine, get nothing', async () => {
    const refused = await fetch(`${origin}/organisation/figures`, { headers: { origin: 'http://elsewhere.test' } })
    expect(refused.status).toBe(403)
    const { headers } = await fetch(`${origin}/organisation`)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; /)
    expect((await fetch(`${origin}/organisation/other`)).status).toBe(404)
    expect((await fetch(`${origin}/organisation`, { method: 'POST' })).status).toBe(405)
  })

  step('with a table of approvals the loopback DingTalk has people hand some in, and they are drawn', async () => {
    await start(readExample('approvals.mapping.yaml'))
    expect(stack?.output()).toContain('DingTalk: people hand in 60 approvals of the last two months')
    await waitFor(async () => ((await figures())['approvals'] ?? []).length >= 3)
    const page = await open(`${origin}/organisation`)
    await page.getByRole('row', { name: /attendance\.goout PROC-6B1E…1F01 \d+ \d+ % / }).waitFor()
    expect(page.faults).toEqual([])
    await page.context().close()
  })
})
