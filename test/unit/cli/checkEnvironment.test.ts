import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import { parseEnv } from 'node:util'
import { findProblems } from '../../../cli/checkEnvironment/findProblems'
import { notForTheCloud } from '../../../cli/checkEnvironment/notForTheCloud'
import { REGIONS } from '../../../cli/checkEnvironment/region'
import { readServerlessFile } from '../../../local/project/serverlessFile'
import { callbackEnvironment } from '../../support/callback'
import { APP, COMPLETE, serverlessText } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

const certificates = temporaryFolder()
const token = 'sixteen-letters-x'
const functions = readServerlessFile(serverlessText)
const textOf = (dotEnv: Record<string, string>) =>
  Object.entries(dotEnv)
    .map(([name, value]) => `${name}="${value}"\n`)
    .join('')
const problemsOfText = (dotEnvText: string, shell: Record<string, string>) =>
  findProblems({ functions, dotEnv: parseEnv(dotEnvText), dotEnvText, shell, certificates })
const problemsOf = (dotEnv: Record<string, string>, shell: Record<string, string> = {}) =>
  problemsOfText(textOf(dotEnv), shell)

test('a complete environment has no problems, whether .env gives it or the shell', () => {
  expect(problemsOf(COMPLETE)).toEqual([])
  expect(problemsOf({}, COMPLETE)).toEqual([])
})

test('with an app of DingTalk’s as well, and without one whatever else is said of it', () => {
  expect(problemsOf({ ...COMPLETE, ...APP })).toEqual([])
  expect(problemsOf({ ...COMPLETE, DINGTALK_CORP_ID: 'c', DINGTALK_CALLS_PER_S: '30' })).toEqual([])
})

const TOO_MANY = 'would make 20 calls a second together, which must be fewer than the 20 that DingTalk answers: '

test.each<[string, Record<string, string>, string[]]>([
  ['a key without the secret', { DINGTALK_APP_SECRET: '' }, ['DINGTALK_APP_SECRET: is not set']],
  [
    'a secret without the key',
    { DINGTALK_APP_KEY: '' },
    [
      'DINGTALK_APP_KEY: is not set, and DINGTALK_APP_SECRET is: set both, or neither, and enrich and reconcile are not deployed',
    ],
  ],
  ['a key without the corporation', { DINGTALK_CORP_ID: '' }, ['DINGTALK_CORP_ID: is not set']],
  [
    'both keys in one',
    { DINGTALK_APP_KEY: 'ding:secret' },
    ['DINGTALK_APP_KEY: must be the Client ID (AppKey) of the app'],
  ],
  [
    'a host without https',
    { DINGTALK_API_ENDPOINT: 'http://api.dingtalk.io' },
    ['DINGTALK_API_ENDPOINT: must be an https URL without a query (plain http is for this machine only)'],
  ],
  [
    'a host that is no URL',
    { DINGTALK_OAPI_ENDPOINT: 'oapi.dingtalk.io' },
    ['DINGTALK_OAPI_ENDPOINT: must be an https URL without a query (plain http is for this machine only)'],
  ],
  ['a rate that is none', { DINGTALK_CALLS_PER_S: 'fast' }, [expect.stringMatching(/^DINGTALK_CALLS_PER_S: must be/)]],
  [
    'a rate of 20 in all',
    { DINGTALK_CALLS_PER_S: '10' },
    [expect.stringContaining(`${TOO_MANY}set it to 9, or to less`)],
  ],
  ['one below that', { DINGTALK_CALLS_PER_S: '9' }, []],
  ['a role with capitals', { ENRICH_ROLE: 'Enrich' }, [expect.stringMatching(/^ENRICH_ROLE: must be the name/)]],
])('an app: %s', (_, change, problems) => {
  expect(problemsOf({ ...COMPLETE, ...APP, ...change })).toEqual(problems)
})

test.each<[string, number, string]>([
  ['enrich', 2, `${TOO_MANY}set it to 6, or to less`],
  ['enrich', 30, 'set reservedConcurrency to less in s.yaml'],
  ['reconcile', 2, 'would make 25 calls a second together'],
])('of %s %i instances, where s.yaml has so many', (name, reservedConcurrency, problem) => {
  const own = functions.map((props) =>
    props.functionName === `dingtalk-${name}` ? { ...props, concurrencyConfig: { reservedConcurrency } } : props,
  )
  const dotEnv = { ...COMPLETE, ...APP }
  expect(findProblems({ functions: own, dotEnv, shell: {}, certificates })).toEqual([expect.stringContaining(problem)])
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

test('the shell goes before .env, also where it is empty, as s has it', () => {
  expect(problemsOf({ ...COMPLETE, VPC_ID: 'wrong' }, { VPC_ID: 'vpc-right' })).toEqual([])
  expect(problemsOf(COMPLETE, { VPC_ID: '' })).toEqual([
    'VPC_ID: is empty in the shell, which s takes before .env: unset it there',
    'VPC_ID: is not set',
  ])
  expect(problemsOf({ ...COMPLETE, VPC_ID: '' })).toEqual(['VPC_ID: is not set'])
})

test.each<[Record<string, string>, string]>([
  [{ AccountID: 'somebody' }, 'AccountID: must be the number of your account'],
  [{ AccountID: '12345' }, 'AccountID: must be the number of your account, which has 16 digits'],
  [{ AccessKeyID: 'LTAI example' }, 'AccessKeyID: must be letters and digits alone'],
  [{ AccessKeyID: '<LTAI>' }, 'AccessKeyID: must be letters and digits alone'],
  [{ AccessKeySecret: 'a secret' }, 'AccessKeySecret: must have no blank within it'],
  [{ FC_REGION_ID: 'cn-hangzou' }, 'FC_REGION_ID: is nearly a region: is cn-hangzhou meant?'],
  [{ FC_REGION_ID: 'cn-bejing' }, 'FC_REGION_ID: is nearly a region: is cn-beijing meant?'],
  [{ FC_REGION_ID: 'ap-souheast-1' }, 'FC_REGION_ID: is nearly a region: is ap-southeast-1 meant?'],
  [{ MYSQL_HOST: 'rm-x.mysql.rds.aliyuncs.com:3306' }, 'MYSQL_HOST: must be the host alone, its port in MYSQL_PORT'],
  [{ MYSQL_HOST: '10.0.0.5:3306' }, 'MYSQL_HOST: must be the host alone, its port in MYSQL_PORT'],
  [{ MYSQL_HOST: 'mysql://rm-x.mysql.rds.aliyuncs.com' }, 'MYSQL_HOST: must be the host alone'],
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
  [{ ...callbackEnvironment, WEBHOOK_TOKEN: token }, 'DINGTALK_CORP_ID: is not set, and of native callbacks and a'],
  [{ ...callbackEnvironment, CONNECTOR_API_SECRET: token }, 'DINGTALK_CORP_ID: is not set'],
  [{ MYSQL_PORT: 'x' }, 'MYSQL_PORT: must be a whole number'],
  [{ MYSQL_SSL: '/etc/ssl/cert.pem' }, 'MYSQL_SSL: must be the name of a file in certs/, not a path'],
  [{ MYSQL_SSL: '../ca.pem' }, 'MYSQL_SSL: must be the name of a file in certs/, not a path'],
  [{ MYSQL_SSL: 'no-such-file.pem' }, 'MYSQL_SSL: must be off, required, or the file of a CA certificate (PEM)'],
  [{ LOG_HASH_KEY: 'short' }, 'LOG_HASH_KEY: must have at least 16 characters'],
  [{ ALLOWED_IPS: Array(500).fill('203.119.0.0').join() }, 'the variables of dingtalk-webhook: take 6'],
  [{ LOG_STORE: 'logs ' }, 'LOG_STORE: has a blank or a line break at its end'],
  [{ AccessKeySecret: '\na-secret' }, 'AccessKeySecret: has a blank or a line break at its end'],
  [{ MYSQL_PASSWORD: 'a-password\n' }, 'MYSQL_PASSWORD: has a blank or a line break at its end'],
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
  ['a region that is newer than we', { FC_REGION_ID: 'cn-lhasa' }],
  ['a number of a region that is newer', { FC_REGION_ID: 'ap-southeast-9' }],
  ['a host by its IPv6 address', { MYSQL_HOST: 'fd00::5:3306' }],
  ['a temporary key', { AccessKeyID: 'STS.NTexample' }],
  ['a connector alone', { WEBHOOK_TOKEN: token }],
  ['native callbacks alone, beside which nothing plain is taken', callbackEnvironment],
  ['both, and the corporation', { ...callbackEnvironment, WEBHOOK_TOKEN: token, DINGTALK_CORP_ID: 'dingcorp' }],
  [
    'the account by other names',
    {
      ...{ AccountID: '', AccessKeyID: '', AccessKeySecret: '', FC_ACCOUNT_ID: '1234567890123456' },
      ...{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'id', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret' },
    },
  ],
])('%s is fine', (_, change) => {
  expect(problemsOf({ ...COMPLETE, ...change })).toEqual([])
})

test('a CA file in certs/ is found, and a $ in the shell is no problem', () => {
  fs.writeFileSync(path.join(certificates, 'ca.pem'), rootCertificates[0] ?? '')
  const { MYSQL_PASSWORD: _, ...others } = COMPLETE
  expect(problemsOf({ ...others, MYSQL_SSL: 'ca.pem' }, { MYSQL_PASSWORD: 'pa$word' })).toEqual([])
})

const differ = 'the shell and .env differ, and s would expand a $ in the shell’s: set it in one of the two'

test.each<[string, string, Record<string, string>, string]>([
  ['a blank token in the shell', 'WEBHOOK_TOKEN=a', { WEBHOOK_TOKEN: ' ' }, 'WEBHOOK_TOKEN: is empty in the shell'],
  ['a $ in the shell, of a variable that .env has', 'ALLOWED_REFERERS=a.cn', { ALLOWED_REFERERS: '$a' }, differ],
  ['what may have lost its $ within s', 'MYSQL_PASSWORD=a', { MYSQL_PASSWORD: 'pa' }, `MYSQL_PASSWORD: ${differ}`],
  [
    'a template',
    '',
    { MYSQL_PASSWORD: "x${env('HOME')}" },
    'MYSQL_PASSWORD: has ${…} or <%…%>, which s would work out',
  ],
  ['a template over lines', '', { MYSQL_USER: '${\n}' }, 'MYSQL_USER: has ${…} or <%…%>'],
  ['a template of the other kind', 'MYSQL_USER="<%= 1 %>"', {}, 'MYSQL_USER: has ${…} or <%…%>'],
  ['an escaped $', "MYSQL_PASSWORD='pa\\$word'", {}, 'MYSQL_PASSWORD: has a $, which s would expand'],
  ['a colon', 'MYSQL_USER: hr', {}, 'MYSQL_USER: s reads its line of .env in another way than we do'],
  ['a byte order mark', '\uFEFFMYSQL_USER=hr', {}, 'MYSQL_USER: s reads its line of .env in another way'],
  ['a quote in quotes', 'MYSQL_PASSWORD="a"b"', {}, 'MYSQL_PASSWORD: s reads its line of .env in another way'],
  ['a quote that is not closed', 'MYSQL_PASSWORD="a # b', {}, 'MYSQL_PASSWORD: s reads its line of .env'],
  ['a quote of its own', "MYSQL_PASSWORD='it's", {}, 'MYSQL_PASSWORD: s reads its line of .env in another way'],
  ['a word after the quotes', 'MYSQL_PASSWORD="a" b', {}, 'MYSQL_PASSWORD: s reads its line of .env in another way'],
  ['a blank that is none', 'MYSQL_PASSWORD=\u3000a', {}, 'MYSQL_PASSWORD: s reads its line of .env in another way'],
])('s would take another value: %s', (_, dotEnv, shell, problem) => {
  const problems = problemsOfText(dotEnv, shell)
  expect(problems).toContainEqual(expect.stringContaining(problem))
})

test.each<[string, Record<string, string>]>([
  ['the emulator', { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:8080' }],
  ['the emulator by name', { EVENTBRIDGE_ENDPOINT: 'https://localhost' }],
  ['any address of this machine', { EVENTBRIDGE_ENDPOINT: 'http://0.0.0.0:8080' }],
  ['IPv6', { EVENTBRIDGE_ENDPOINT: 'http://[::1]:8080' }],
  ['IPv6 of IPv4', { EVENTBRIDGE_ENDPOINT: 'http://[::ffff:127.0.0.1]' }],
  ['a tunnel of this machine', { EVENTBRIDGE_ENDPOINT: 'http://mac.local:8080' }],
  ['the database here', { MYSQL_HOST: '127.0.0.1' }],
  ['the database here by name, with blanks', { MYSQL_HOST: ' localhost ' }],
  ['a short address', { MYSQL_HOST: '127.1' }],
  ['a container', { MYSQL_HOST: 'mysql' }],
  ['what containers call this machine', { MYSQL_HOST: 'host.docker.internal' }],
  ['what other containers call it', { MYSQL_HOST: 'gateway.docker.internal' }],
  ['what machines call their host', { EVENTBRIDGE_ENDPOINT: 'http://host.rancher-desktop.internal:8080' }],
  ['a socket', { MYSQL_HOST: '/var/run/mysqld/mysqld.sock' }],
  ['a loopback DingTalk', { DINGTALK_API_ENDPOINT: 'http://127.0.0.1:8080/dingtalk/api' }],
  ['the same for its older calls', { DINGTALK_OAPI_ENDPOINT: 'http://127.0.0.1:8080/dingtalk/oapi' }],
  ['a loopback DingTalk by name', { DINGTALK_OAPI_ENDPOINT: 'http://localhost:8080/dingtalk/oapi' }],
  ['one in a container', { DINGTALK_API_ENDPOINT: 'https://stack/dingtalk/api' }],
  ['only this machine may send', { ALLOWED_IPS: '127.0.0.0/8, ::1' }],
  ['only pages of this machine', { ALLOWED_REFERERS: 'localhost' }],
  ['the test events’ key', { DINGTALK_AES_KEY: `${'a'.repeat(43)}, 1234567890123456789012345678901234567890123` }],
  ['the local stack’s key', { ALIBABA_CLOUD_ACCESS_KEY_ID: 'local', AccessKeyID: 'an-id' }],
  ['the local stack’s key, which its file sets by this name, too', { AccessKeyID: 'local' }],
  ['another account', { FC_ACCOUNT_ID: '123456789012', AccountID: '1234567890123456' }],
  ['an account that s does not see', { FC_ACCOUNT_ID: '1234567890123456' }],
  ['an account that s sees as empty', { FC_ACCOUNT_ID: '1234567890123456', AccountID: '' }],
])('not for the cloud: %s', (_, variables) => {
  const [name = ''] = Object.keys(variables)
  const named = name === 'FC_ACCOUNT_ID' && !variables['AccountID'] ? 'AccountID' : name
  expect(notForTheCloud(variables, [])).toEqual([expect.stringMatching(new RegExp(`^${named}: `))])
})

test.each<[string, Record<string, string>]>([
  ['the instance', { MYSQL_HOST: 'rm-example.mysql.rds.aliyuncs.com' }],
  ['an address in the VPC', { MYSQL_HOST: '10.0.0.5' }],
  ['a name of the VPC', { MYSQL_HOST: 'mysql.corp.internal' }],
  ['the VPC’s endpoint', { EVENTBRIDGE_ENDPOINT: 'http://1234.eventbridge.cn-hangzhou-vpc.aliyuncs.com' }],
  ['DingTalk’s international edition', { DINGTALK_API_ENDPOINT: 'https://api.dingtalk.io' }],
  ['the same for its older calls', { DINGTALK_OAPI_ENDPOINT: 'https://oapi.dingtalk.io' }],
  ['every address', { ALLOWED_IPS: '0.0.0.0/0' }],
  ['every address of both kinds', { ALLOWED_IPS: '0.0.0.0/0, ::/0' }],
  ['a block around loopback', { ALLOWED_IPS: '64.0.0.0/2' }],
  ['pages of an intranet', { ALLOWED_REFERERS: 'intranet' }],
  ['a host of the company', { MYSQL_HOST: 'host.corp.internal' }],
  ['this machine among others', { ALLOWED_IPS: '127.0.0.1,203.119.0.0/16' }],
  ['the same account twice', { FC_ACCOUNT_ID: '1234', AccountID: '1234' }],
  ['a key of its own for our commands', { ALIBABA_CLOUD_ACCESS_KEY_ID: 'operator', AccessKeyID: 'deployer' }],
])('for the cloud: %s', (_, variables) => {
  expect(notForTheCloud(variables, [])).toEqual([])
})

test('an .env beside the code is found', () => {
  const code = path.join(certificates, 'code')
  fs.mkdirSync(code)
  expect(notForTheCloud({}, [code])).toEqual([])
  fs.writeFileSync(path.join(code, '.env'), '')
  expect(notForTheCloud({}, [code])).toEqual([
    expect.stringMatching(/\.env: s would read this file, too, and upload it/),
  ])
})

test('what other programs have in .env is none of our business', () => {
  const others = 'CACHE=$HOME/x\nJSON="{\\"a\\":1}"\nPATTERN=<%= x %>\nX="a"b"\nSITE=http://a/#b\n'
  expect(problemsOfText(`${textOf(COMPLETE)}${others}`, { CACHE: '/anywhere/x', X: '' })).toEqual([])
  // our commands take it, if not s.yaml
  expect(problemsOfText(`${textOf(COMPLETE)}ALIBABA_CLOUD_SECURITY_TOKEN=a$b\n`, {})).toEqual([
    'ALIBABA_CLOUD_SECURITY_TOKEN: has a $, which s would expand: set this one in the shell alone',
  ])
})

test('no problem quotes a value', () => {
  const secret = 'hunter2$'
  const everything = Object.fromEntries(serverlessText.match(/(?<=env\(')\w+/g)?.map((name) => [name, secret]) ?? [])
  const problems = problemsOf(everything)
  expect(problems.length).toBeGreaterThan(20)
  expect(problems.join()).not.toContain('hunter2')
})

const home = temporaryFolder()
fs.mkdirSync(path.join(home, '.s'))
fs.writeFileSync(path.join(home, '.s/set-config.yml'), 'analysis: disable\nlog: disable\n')
const keepsLogs = expect.stringMatching(
  /^The environment is complete\.\nMind that s keeps log files.+s set log disable/,
)

test.each<[string, Record<string, string>, number, unknown, string]>([
  ['complete', { ...COMPLETE, WEBHOOK_TOKEN: token }, 0, 'The environment is complete.\n', ''],
  ['complete, and s keeps logs', { ...COMPLETE, WEBHOOK_TOKEN: token, HOME: '/nowhere' }, 0, keepsLogs, ''],
  [
    'with the account by names that s does not read',
    { ...COMPLETE, AccountID: '', FC_ACCOUNT_ID: '1234567890123456' },
    1,
    '',
    'Not ready to deploy; .env.example explains the variables.\n  AccountID: is not set, and s does not read FC_ACCOUNT_ID\n',
  ],
  [
    'incomplete',
    { ...COMPLETE, VPC_ID: 'x', MYSQL_USER: '' },
    1,
    '',
    'Not ready to deploy; .env.example explains the variables.\n  VPC_ID: must be an ID that begins with vpc-\n  MYSQL_USER: is not set\n',
  ],
])('the command, %s', (_, variables, status, stdout, stderr) => {
  const command = path.join(__dirname, '../../../cli/checkEnvironment/index.ts')
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, ...variables }
  const run = spawnSync(process.execPath, ['--import', 'tsx', command], { env, encoding: 'utf8' })
  expect([run.status, run.stdout, run.stderr]).toEqual([status, stdout, stderr])
})

test('the regions are those of fc3', () => {
  const { definitions } = JSON.parse(fs.readFileSync(path.join(__dirname, '../../fixtures/fc3-schema.json'), 'utf8'))
  expect([...REGIONS].sort()).toEqual([...definitions.IRegion.enum].sort())
})
