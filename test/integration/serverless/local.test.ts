import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { COMPLETE, withComponent } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

/** `s local` of the CLI itself, with a component of ours in place of fc3, which would start the container. */
const PROJECT = path.join(__dirname, '../../..')
const folder = temporaryFolder()
const COMPONENT = `module.exports = class {
  async local({ props, getCredential }) {
    const { AccessKeyID } = await getCredential()
    require('node:fs').writeFileSync(process.env.SEEN, JSON.stringify([AccessKeyID, props.environmentVariables.MYSQL_HOST]))
  }
}`
const seen = path.join(folder, 'seen')

beforeAll(() => {
  fs.mkdirSync(path.join(folder, 'component/dist'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'component/dist/index.js'), COMPONENT)
  fs.writeFileSync(path.join(folder, 'component/package.json'), '{"name":"component","main":"dist/index.js"}')
  fs.cpSync(path.join(PROJECT, 'cli/notDeployed'), path.join(folder, 'cli/notDeployed'), { recursive: true })
  fs.writeFileSync(path.join(folder, 's.yaml'), withComponent('./component'))
  const scripts = {
    'check:local': `cd '${PROJECT}' && '${process.execPath}' --import tsx cli/checkLocal/index.ts`,
    ...{ build: ':', events: ':' },
  }
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts }))
  const cloud = { ...COMPLETE, AccessKeyID: 'LTAI5tExampleExample' }
  const lines = Object.entries(cloud).map(([name, value]) => `${name}=${value}\n`)
  fs.writeFileSync(path.join(folder, '.env'), lines.join(''))
})

async function local(command: string, shell: Record<string, string>) {
  fs.rmSync(seen, { force: true })
  const cli = path.join(PROJECT, 'node_modules/@serverless-devs/s/bin/s')
  const child = spawn(process.execPath, [cli, 'employees', 'local', command], {
    cwd: folder,
    // it reports to nobody under NODE_ENV=test
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, NODE_ENV: 'test', SEEN: seen, ...shell },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return {
    code,
    output: output + errors,
    given: fs.existsSync(seen) ? JSON.parse(fs.readFileSync(seen, 'utf8')) : undefined,
  }
}

test.each(['invoke', 'start'])(
  's local %s with .env of a deployment: it says where that leads, and starts nothing',
  async (command) => {
    const { code, output, given } = await local(command, {})
    expect(given).toBeUndefined()
    expect(code).not.toBe(0)
    expect(output).toContain('database hr at rm-example.mysql.rds.aliyuncs.com:3306')
    expect(output).toContain('MYSQL_HOST of the shell: it is not this machine')
    expect(output).toContain('AccessKeyID of the shell: it may be a key of the cloud')
  },
)

const STACK = {
  ...{ AccountID: '123456789012', AccessKeyID: 'local', AccessKeySecret: 'local-is-not-a-secret' },
  ...{ MYSQL_HOST: 'host.docker.internal', EVENTBRIDGE_ENDPOINT: 'http://host.docker.internal:8080' },
}

test("with the local stack's variables in the shell the container gets those", async () => {
  expect(await local('invoke', STACK)).toMatchObject({ code: 0, given: ['local', 'host.docker.internal'] })
})

test('an account that is empty in the shell: s would take a key that it has stored', async () => {
  const { output, given } = await local('invoke', { ...STACK, AccountID: '' })
  expect(given).toBeUndefined()
  expect(output).toContain('AccountID: not set, so s takes a key that it has stored')
})

test('with S_LOCAL_EXTERNAL=1 in the shell the cloud is taken', async () => {
  const { given } = await local('invoke', { S_LOCAL_EXTERNAL: '1' })
  expect(given).toEqual(['LTAI5tExampleExample', 'rm-example.mysql.rds.aliyuncs.com'])
})
