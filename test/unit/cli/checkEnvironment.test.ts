import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import { findProblems } from '../../../cli/checkEnvironment/findProblems'
import { readServerlessFile } from '../../../local/project/serverlessFile'
import { callbackEnvironment } from '../../support/callback'
import { COMPLETE, serverlessText } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

const certificates = temporaryFolder()
const token = 'sixteen-letters-x'
const functions = readServerlessFile(serverlessText)
const problemsOf = (dotEnv: Record<string, string>, shell: Record<string, string> = {}) =>
  findProblems({ functions, dotEnv, shell, certificates })

test('a complete environment has no problems, whether .env gives it or the shell', () => {
  expect(problemsOf(COMPLETE)).toEqual([])
  expect(problemsOf({}, COMPLETE)).toEqual([])
})

test('everything that is missing is named at once', () => {
  expect(problemsOf({})).toEqual([
    'AccountID: is not set',
    'AccessKeyID: is not set',
    'AccessKeySecret: is not set',
    'LOG_PROJECT: is not set',
    'VPC_ID: is not set',
    'VSWITCH_ID: is not set',
    'SECURITY_GROUP_ID: is not set',
    'MYSQL_HOST: is not set',
    'MYSQL_PASSWORD: is not set',
    'MYSQL_USER: is not set',
    'MYSQL_DATABASE: is not set',
  ])
})

test('the shell goes before .env, and an empty variable counts as unset', () => {
  expect(problemsOf({ ...COMPLETE, VPC_ID: 'wrong' }, { VPC_ID: 'vpc-right' })).toEqual([])
  expect(problemsOf(COMPLETE, { VPC_ID: '' })).toEqual([])
  expect(problemsOf({ ...COMPLETE, VPC_ID: '' })).toEqual(['VPC_ID: is not set'])
})

test.each<[Record<string, string>, string]>([
  [{ AccountID: 'somebody' }, 'AccountID: must be the number of your account'],
  [{ FC_REGION_ID: 'hangzhou' }, 'FC_REGION_ID: must be a region, such as cn-hangzhou'],
  [{ WEBHOOK_ROLE: 'Webhook' }, 'WEBHOOK_ROLE: must be the name or the ARN of a role, in lower case'],
  [{ EMPLOYEES_ROLE: 'acs:ram::12:user/x' }, 'EMPLOYEES_ROLE: must be the name or the ARN of a role, in lower case'],
  [{ LOG_PROJECT: 'HR' }, 'LOG_PROJECT: must be 3 to 63 lower-case letters, digits or hyphens'],
  [{ LOG_STORE: 'Logs' }, 'LOG_STORE: must be 3 to 63 of a-z, 0-9, _ and -'],
  [{ VPC_ID: 'vsw-1' }, 'VPC_ID: must be an ID that begins with vpc-'],
  [{ VSWITCH_ID: 'vsw-1,vsw-2' }, 'VSWITCH_ID: must be an ID that begins with vsw-'],
  [{ SECURITY_GROUP_ID: 'default' }, 'SECURITY_GROUP_ID: must be an ID that begins with sg-'],
  [{ DISABLE_PUBLIC_URL: 'yes' }, 'DISABLE_PUBLIC_URL: must be true or false'],
  [{ WEBHOOK_TOKEN: 'short' }, 'WEBHOOK_TOKEN: must have at least 16 characters, and no comma'],
  [{ DINGTALK_TOKEN: 'abc' }, 'DINGTALK_AES_KEY: is not set'],
  [{ EVENTBRIDGE_ENDPOINT: 'http://eb.example.org' }, 'EVENTBRIDGE_ENDPOINT: must be https, or set'],
  [{ MYSQL_HOST: '127.0.0.1' }, 'MYSQL_HOST: must be the instance, not this machine'],
  [{ MYSQL_HOST: 'localhost' }, 'MYSQL_HOST: must be the instance, not this machine'],
  [{ ...callbackEnvironment, WEBHOOK_TOKEN: token }, 'DINGTALK_CORP_ID: is not set, and of native callbacks and a'],
  [{ ...callbackEnvironment, CONNECTOR_API_SECRET: token }, 'DINGTALK_CORP_ID: is not set'],
  [{ MYSQL_PORT: 'x' }, 'MYSQL_PORT: must be a whole number'],
  [{ MYSQL_SSL: 'no-such-file.pem' }, 'MYSQL_SSL: must be off, required, or the file of a CA certificate (PEM)'],
  [{ LOG_HASH_KEY: 'short' }, 'LOG_HASH_KEY: must have at least 16 characters'],
  [{ ALLOWED_IPS: Array(500).fill('203.119.0.0').join() }, 'the variables of dingtalk-webhook: take 6'],
  [{ LOG_STORE: 'logs ' }, 'LOG_STORE: has a blank or a line break at its end'],
  [{ AccessKeySecret: '\na-secret' }, 'AccessKeySecret: has a blank or a line break at its end'],
  [{ MYSQL_PASSWORD: 'a-password\n' }, 'MYSQL_PASSWORD: has a blank or a line break at its end'],
  [{ MYSQL_HOST: ' localhost ' }, 'MYSQL_HOST: must be the instance, not this machine'],
  [{ MYSQL_PASSWORD: 'pa$word' }, 'MYSQL_PASSWORD: has a $, which s would expand'],
])('%j is a problem', (change, problem) => {
  const problems = problemsOf({ ...COMPLETE, ...change })
  expect(problems).toContainEqual(expect.stringContaining(problem))
  expect(new Set(problems).size).toBe(problems.length)
})

test.each<[string, Record<string, string>]>([
  ['a role by its ARN', { WEBHOOK_ROLE: 'acs:ram::1234567890123456:role/hr-webhook' }],
  ['blanks at the ends of what the functions read', { WEBHOOK_TOKEN: ` ${token}\n`, MYSQL_USER: 'hr ' }],
  ['a custom domain only', { DISABLE_PUBLIC_URL: 'true' }],
  ['a connector alone', { WEBHOOK_TOKEN: token }],
  ['native callbacks alone, beside which nothing plain is taken', callbackEnvironment],
  ['both, and the corporation', { ...callbackEnvironment, WEBHOOK_TOKEN: token, DINGTALK_CORP_ID: 'dingcorp' }],
  [
    'the account by other names',
    {
      ...{ AccountID: '', AccessKeyID: '', AccessKeySecret: '', FC_ACCOUNT_ID: '1234' },
      ...{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret' },
    },
  ],
])('%s is fine', (_, change) => {
  expect(problemsOf({ ...COMPLETE, ...change })).toEqual([])
})

test('a CA file in certs/ is found, and a $ in the shell is no problem', () => {
  fs.writeFileSync(path.join(certificates, 'ca.pem'), rootCertificates[0] ?? '')
  expect(problemsOf({ ...COMPLETE, MYSQL_SSL: 'ca.pem' }, { MYSQL_PASSWORD: 'pa$word' })).toEqual([])
})

test('no problem quotes a value', () => {
  const secret = 'hunter2$'
  const everything = Object.fromEntries(serverlessText.match(/(?<=env\(')\w+/g)?.map((name) => [name, secret]) ?? [])
  const problems = problemsOf(everything)
  expect(problems.length).toBeGreaterThan(20)
  expect(problems.join()).not.toContain('hunter2')
})

test.each<[string, Record<string, string>, number, string, string]>([
  ['complete', { ...COMPLETE, WEBHOOK_TOKEN: token }, 0, 'The environment is complete.\n', ''],
  [
    'incomplete',
    { ...COMPLETE, VPC_ID: 'x', MYSQL_USER: '' },
    1,
    '',
    'Not ready to deploy; .env.example explains the variables.\n  VPC_ID: must be an ID that begins with vpc-\n  MYSQL_USER: is not set\n',
  ],
])('the command, %s', (_, variables, status, stdout, stderr) => {
  const command = path.join(__dirname, '../../../cli/checkEnvironment/index.ts')
  const env = { PATH: process.env['PATH'] ?? '', ...variables }
  const run = spawnSync(process.execPath, ['--import', 'tsx', command], { env, encoding: 'utf8' })
  expect([run.status, run.stdout, run.stderr]).toEqual([status, stdout, stderr])
})
