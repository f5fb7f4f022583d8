import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { CTRL_C, ENTER, ESCAPE } from '../../support/terminal'
import { answerAll, answerOf, BEGUN, KEY, keep, LOGS, NETWORK, prepareSetup, SECRET } from './setupRun'

const project = prepareSetup()

test.each([
  ['Ctrl-C', CTRL_C],
  ['Esc', ESCAPE],
])('left by %s in the middle, and taken up again: what was answered is offered', async (_, key) => {
  const first = project.start()
  await answerAll(first, [...KEY, ...LOGS, ['VPC_ID', 'vpc-1']])
  await first.answer(answerOf('VSWITCH_ID'), `vsw${key}`)
  expect(await first.ended()).toBe(1)
  expect(first.output()).toMatch(/Left\. What was answered is in \.env; npm run setup goes on from there\.\n$/)
  const { AccessKeySecret, VPC_ID, VSWITCH_ID } = project.readEnv()
  expect({ AccessKeySecret, VPC_ID, VSWITCH_ID }).toEqual({ AccessKeySecret: SECRET, VPC_ID: 'vpc-1', VSWITCH_ID: '' })
  fs.appendFileSync(project.file, '# of my own\nMINE=1\n')

  const second = project.start()
  await second.answer(BEGUN, 'n')
  await second.answer(answerOf('AccessKeyID'), ENTER)
  await second.answer(keep('AccessKeySecret'), ENTER)
  await answerAll(second, [
    ['FC_REGION_ID', ''],
    ['LOG_PROJECT', ''],
    ['LOG_STORE', ''],
    ['VPC_ID', 'vpc-2'],
    ['VSWITCH_ID', 'vsw-2'],
  ])
  await second.answer(answerOf('SECURITY_GROUP_ID'), key)
  expect(await second.ended()).toBe(1)
  expect(second.output()).toContain('access key: valid')
  expect(second.output()).not.toContain(SECRET)
  expect(project.readEnv()).toMatchObject({ AccessKeySecret: SECRET, VPC_ID: 'vpc-2', VSWITCH_ID: 'vsw-2', MINE: '1' })
  expect(fs.readFileSync(project.file, 'utf8')).toMatch(/# of my own\nMINE=1\n$/)
})

test('taken up again for what is missing or wrong: nothing else is asked for, and the end says what is missing still', async () => {
  const there = Object.fromEntries([...KEY, ...LOGS, ...NETWORK, ...project.database()])
  const { MYSQL_PORT: _, AccessKeySecret: __, ...rest } = there
  const variables = { ...rest, VPC_ID: 'vsw-1', VSWITCH_ID: '', MYSQL_PORT: String(project.account().port) }
  const lines = Object.entries({ ...variables, AccountID: '1234567890123456', MYSQL_SSL: 'off' })
  fs.writeFileSync(
    project.file,
    `${lines.map(([name, value]) => `${name}='${value}'\n`).join('')}WEBHOOK_TOKEN=sixteen-letters-x\n`,
  )
  const terminal = project.start()
  await terminal.answer(BEGUN, ENTER)
  await terminal.answer(answerOf('AccessKeySecret'), `${SECRET}${ENTER}`)
  await terminal.answer('VPC_ID: must be an ID that begins with vpc-', '')
  await answerAll(terminal, [
    ['VPC_ID', 'vpc-1'],
    ['VSWITCH_ID', ''],
  ])
  await terminal.answer('grants: all that deliveries', '')
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', 'n')
  expect(await terminal.ended()).toBe(1)
  expect(terminal.output()).not.toContain('◆  MYSQL_HOST\n')
  expect(terminal.output()).not.toContain('All is in .env')
  expect(terminal.output()).not.toContain('may read the address book')
  expect(terminal.output()).toMatch(/VSWITCH_ID: is not set\n\nnpm run setup again asks for what is missing\.\n$/)
  expect(project.readEnv()).toMatchObject({
    AccessKeySecret: SECRET,
    VPC_ID: 'vpc-1',
    WEBHOOK_TOKEN: 'sixteen-letters-x',
  })
})

test('a way that is not wanted any more is emptied, and another one takes its place', async () => {
  fs.writeFileSync(project.file, 'WEBHOOK_TOKEN=sixteen-letters-x\nCONNECTOR_API_SECRET=sixteen-letters-y\n')
  const shell = Object.fromEntries(
    [...KEY, ...LOGS, ...NETWORK, ...project.database()].map(([name, value]) => [name, value]),
  )
  const rest = { FC_REGION_ID: 'cn-hangzhou', LOG_STORE: 'dingtalk-eventbridge', MYSQL_SSL: 'off' }
  const terminal = project.start({ ...shell, ...rest, MYSQL_PORT: String(project.account().port) })
  await terminal.answer(BEGUN, 'n')
  await terminal.answer('How does the webhook know who calls?', ` ${ENTER}`)
  await terminal.answer(keep('CONNECTOR_API_SECRET'), ENTER)
  await terminal.answer(answerOf('EVENTBRIDGE_ENDPOINT'), ENTER)
  await terminal.answer('by a keyed hash (LOG_HASH_KEY)?', ENTER)
  await terminal.answer(answerOf('LOG_HASH_KEY'), ENTER)
  await terminal.answer('LOG_HASH_KEY: made; .env has it', '')
  await terminal.answer('may read the address book', 'n')
  expect(await terminal.ended()).toBe(0)
  expect(project.readEnv()).toMatchObject({ WEBHOOK_TOKEN: '', CONNECTOR_API_SECRET: 'sixteen-letters-y' })
})

test('an .env that cannot be read is told in a line', async () => {
  fs.mkdirSync(project.file)
  const terminal = project.start()
  expect(await terminal.ended()).toBe(1)
  expect(terminal.output()).toMatch(/\.env cannot be read \(EISDIR\)/)
  expect(terminal.output()).not.toContain(' at ')
})

test('an .env that has lines nobody can read is left as it is, and they are named', async () => {
  fs.writeFileSync(project.file, 'VPC_ID=vpc-1\nMYSQL_HOST: rm-1\n')
  const terminal = project.start()
  expect(await terminal.ended()).toBe(1)
  expect(terminal.output()).toMatch(/^\.env:2 MYSQL_HOST: /)
  expect(fs.readFileSync(project.file, 'utf8')).toBe('VPC_ID=vpc-1\nMYSQL_HOST: rm-1\n')
})

test('left at once: nothing is written', async () => {
  const terminal = project.start()
  await terminal.answer(answerOf('AccessKeyID'), CTRL_C)
  expect(await terminal.ended()).toBe(1)
  expect(terminal.output()).toMatch(/Left\. Nothing was written\.\n$/)
  expect(fs.existsSync(project.file)).toBe(false)
})

test('left by Ctrl-C while it waits for an answer of others: not as if all were done', async () => {
  project.cloud().instead = 'never'
  const terminal = project.start()
  await answerAll(terminal, KEY)
  await terminal.answer('asking STS whose key it is', CTRL_C)
  expect(await terminal.ended()).toBe(1)
  expect(project.readEnv()['AccessKeySecret']).toBe(SECRET)
})

test('what the shell sets is not asked for, and goes before .env', async () => {
  fs.writeFileSync(project.file, 'VPC_ID=vpc-of-env\n')
  const terminal = project.start({
    AccessKeyID: 'LTAIexample',
    AccessKeySecret: SECRET,
    LOG_PROJECT: 'hr-logs',
    VPC_ID: 'vpc-of-shell',
  })
  await terminal.answer(BEGUN, 'n')
  await answerAll(terminal, [
    ['FC_REGION_ID', ''],
    ['LOG_STORE', ''],
  ])
  await terminal.answer('logs: the project is there, and its logstore', '')
  await terminal.answer('VPC_ID: the shell sets it, and goes before .env', '')
  await terminal.answer(answerOf('VSWITCH_ID'), ESCAPE)
  await terminal.ended()
  expect(project.readEnv()).toEqual({
    VPC_ID: 'vpc-of-env',
    FC_REGION_ID: 'cn-hangzhou',
    AccountID: '1234567890123456',
    LOG_STORE: 'dingtalk-eventbridge',
  })
})

test.each([
  ['no terminal', [], 1, /^npm run setup asks, and there is no terminal to ask at\. Copy \.env\.example to \.env/],
  ['--help', ['--', '--help'], 0, /^npm run setup\n\nAsks for/],
  ['an option that there is not', ['--', '--force'], 1, /--help shows the options/],
])('%s', (_, args, code, printed) => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'setup', ...args], {
    cwd: project.copy,
    encoding: 'utf8',
    input: '',
  })
  expect([status, stdout + stderr]).toEqual([code, expect.stringMatching(printed)])
  expect(fs.existsSync(project.file)).toBe(false)
})
