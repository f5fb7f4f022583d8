import fs from 'node:fs'
import path from 'node:path'
import { readEnvText } from '../../../local/project/envText'
import { knownVariables } from '../../../local/project/knownVariables'
import { dotEnvWarnings, readDotEnv } from '../../../local/project/projectFiles'
import { readSettings } from '../../../local/project/settings'
import { PROJECT } from '../../support/documents'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const SECRET = 'xyzzy-sixteen-letters'
const known = knownVariables("A: ${env('OWN_TOGGLE', '')}")
const read = (content: string | Buffer) => readEnvText(Buffer.from(content), known)
const faultsOf = (content: string | Buffer) =>
  read(content).faults.map(
    ({ line, name, message, isError }) => `${isError ? 'error' : 'warning'} ${line} ${name}: ${message}`,
  )

test.each<[string | Buffer, ...string[]]>([
  // the separator
  [`WEBHOOK_TOKEN: ${SECRET}`, 'error 1 WEBHOOK_TOKEN: has a :, where = is meant, so it is lost: WEBHOOK_TOKEN=…'],
  [`WEBHOOK_TOKEN:${SECRET}=`, 'error 1 WEBHOOK_TOKEN: has a :, where = is meant, so it is lost: WEBHOOK_TOKEN=…'],
  [
    `WEBHOOK_TOKEN＝${SECRET}`,
    'error 1 WEBHOOK_TOKEN: has the fullwidth ＝, where = is meant, so it is lost: WEBHOOK_TOKEN=…',
  ],
  [
    `WEBHOOK_TOKEN：${SECRET}`,
    'error 1 WEBHOOK_TOKEN: has the fullwidth ：, where = is meant, so it is lost: WEBHOOK_TOKEN=…',
  ],
  [`WEBHOOK_TOKEN ${SECRET}\nPORT=1`, 'error 1 : has no =, so it is lost'],
  ['WEBHOOK_TOKEN\nPORT=1', 'error 1 WEBHOOK_TOKEN: has no =, so it is lost'],
  [SECRET, 'error 1 : has no =, so it is lost'],
  [`＃ WEBHOOK_TOKEN=${SECRET}`, 'error 1 : begins with the fullwidth ＃, where # is meant: no comment'],
  [`=${SECRET}`, 'error 1 : has no name before the ='],
  // the name
  [
    `WEBHOOK_TOKEN\u00A0=${SECRET}`,
    'error 1 WEBHOOK_TOKEN: has in its name an invisible character (U+00A0): type it anew',
  ],
  [
    `WEBHOOK\u200B_TOKEN=${SECRET}`,
    'error 1 WEBHOOK_TOKEN: has in its name an invisible character (U+200B): type it anew',
  ],
  [
    `PORT=1\n\uFEFFWEBHOOK_TOKEN=${SECRET}`,
    'error 2 WEBHOOK_TOKEN: has in its name an invisible character (U+FEFF): type it anew',
  ],
  [`　WEBHOOK_TOKEN=${SECRET}`, 'error 1 WEBHOOK_TOKEN: has in its name a fullwidth space, where a plain one is meant'],
  [`WEBHOOK＿TOKEN=${SECRET}`, 'error 1 : has in its name the fullwidth ＿, where _ is meant'],
  [`WEBHOOK TOKEN=${SECRET}`, 'error 1 : has a blank within its name'],
  [`"WEBHOOK_TOKEN"=${SECRET}`, 'error 1 WEBHOOK_TOKEN: has its name in quotes'],
  ['accountId=1', 'error 1 accountId: is no variable of this project: is AccountID meant?'],
  ['ALLOWED_IP=10.0.0.1', 'error 1 ALLOWED_IP: is no variable of this project: is ALLOWED_IPS meant?'],
  ['DINGTALK_AESKEY=1', 'error 1 DINGTALK_AESKEY: is no variable of this project: is DINGTALK_AES_KEY meant?'],
  ['OWN_TOGLE=1', 'error 1 OWN_TOGLE: is no variable of this project: is OWN_TOGGLE meant?'],
  [
    `WEBHOOK_SHARED_SECRET=${SECRET}`,
    'error 1 WEBHOOK_SHARED_SECRET: is no variable of this project: it locks nothing',
  ],
  ['WEBHOOK_TOKENS=', 'warning 1 WEBHOOK_TOKENS: is no variable of this project: is WEBHOOK_TOKEN meant?'],
  ['ALLOWED_HOSTS=x', 'warning 1 ALLOWED_HOSTS: is no variable of this project'],
  ['EVENT_BUS=x', 'warning 1 EVENT_BUS: is no variable of this project: is EVENT_BUS_NAME meant?'],
  ['MYSQL_USERNAME=x', 'warning 1 MYSQL_USERNAME: is no variable of this project: is MYSQL_USER meant?'],
  ['MYSQL_PASSWD=x', 'warning 1 MYSQL_PASSWD: is no variable of this project: is MYSQL_PASSWORD meant?'],
  // might be half of a secret
  ['c2VjcmV0LXNlY3JldC1zZWNyZXQ=', 'warning 1 : is no variable: is it the rest of the line above?'],
  // the value
  [
    `WEBHOOK_TOKEN=“${SECRET}”`,
    'error 1 WEBHOOK_TOKEN: has in its value the typographic “, where " is meant; what is meant as it is, put in quotes',
  ],
  [
    `WEBHOOK_TOKEN=‘${SECRET}’`,
    "error 1 WEBHOOK_TOKEN: has in its value the typographic ‘, where ' is meant; what is meant as it is, put in quotes",
  ],
  [
    `WEBHOOK_TOKEN=${SECRET} ＃ note`,
    'error 1 WEBHOOK_TOKEN: has in its value the fullwidth ＃, where # is meant; what is meant as it is, put in quotes',
  ],
  [
    `WEBHOOK_TOKEN=${SECRET}　`,
    'error 1 WEBHOOK_TOKEN: has in its value a fullwidth space, where a plain one is meant; what is meant as it is, put in quotes',
  ],
  [
    'ALLOWED_IPS=10.0.0.1，10.0.0.2',
    'error 1 ALLOWED_IPS: has in its value the fullwidth ，, where , is meant; what is meant as it is, put in quotes',
  ],
  [
    'ALLOWED_IPS="10.0.0.1，10.0.0.2"',
    'warning 1 ALLOWED_IPS: has in its value the fullwidth ，, where , is meant, unless it is meant as it is',
  ],
  [
    `WEBHOOK_TOKEN=${SECRET}\u200B`,
    'error 1 WEBHOOK_TOKEN: has in its value an invisible character (U+200B): type it anew',
  ],
  [
    `WEBHOOK_TOKEN="${SECRET}\u00A0"`,
    'error 1 WEBHOOK_TOKEN: has in its value an invisible character (U+00A0): type it anew',
  ],
  [
    `WEBHOOK_TOKEN=abc#${SECRET}`,
    'error 1 WEBHOOK_TOKEN: is cut off at its #, which begins a comment: put the value in quotes',
  ],
  [
    `MYSQL_PASSWORD=pa ss #${SECRET}`,
    'warning 1 MYSQL_PASSWORD: ends at its #, which begins a comment: put the value in quotes if that is a part of it',
  ],
  [
    `WEBHOOK_TOKEN=#${SECRET}`,
    'error 1 WEBHOOK_TOKEN: is cut off at its #, which begins a comment: put the value in quotes',
  ],
  [
    `MYSQL_PASSWORD="a\\n${SECRET}"`,
    'error 1 MYSQL_PASSWORD: has \\n in double quotes, which becomes a line break: in single quotes it stays',
  ],
  [
    `WEBHOOK_TOKEN==${SECRET}`,
    'warning 1 WEBHOOK_TOKEN: takes the = into its value: put it in quotes if that is meant',
  ],
  [
    `WEBHOOK_TOKEN=${SECRET};`,
    'warning 1 WEBHOOK_TOKEN: takes the ; into its value: put it in quotes if that is meant',
  ],
  [
    `WEBHOOK_TOKEN=${SECRET} // 中文`,
    'warning 1 WEBHOOK_TOKEN: takes the // into its value: put it in quotes if that is meant',
  ],
  [
    `WEBHOOK_TOKEN=${SECRET}\0`,
    'error 1 WEBHOOK_TOKEN: has in its value an invisible character (U+0000): type it anew',
  ],
  // which would take the next lines with it
  [
    `OTHERS="${SECRET}\nPORT=1"`,
    'error 1 : has no second " on its line',
    'warning 2 PORT: ends in a quote, and does not begin with one',
  ],
  [`WEBHOOK_TOKEN="${SECRET}\nPORT="1"`, 'error 1 WEBHOOK_TOKEN: has no second " on its line'],
  [`WEBHOOK_TOKEN='${SECRET}`, "error 1 WEBHOOK_TOKEN: has no second ' on its line"],
  [`WEBHOOK_TOKEN="${SECRET}"x`, 'error 1 WEBHOOK_TOKEN: has something behind its second "'],
  [`WEBHOOK_TOKEN=${SECRET}"`, 'warning 1 WEBHOOK_TOKEN: ends in a quote, and does not begin with one'],
  // twice
  [`WEBHOOK_TOKEN=${SECRET}\nWEBHOOK_TOKEN=`, 'error 2 WEBHOOK_TOKEN: is empty here, and that counts, not line 1'],
  [
    `WEBHOOK_TOKEN=${SECRET}\nWEBHOOK_TOKEN="" # later`,
    'error 2 WEBHOOK_TOKEN: is empty here, and that counts, not line 1',
  ],
  [
    `WEBHOOK_TOKEN=\nWEBHOOK_TOKEN=${SECRET}`,
    'warning 2 WEBHOOK_TOKEN: is here for the second time: this line counts, not line 1',
  ],
  // the file
  ['PORT=1\rTRACE_DAYS=2\r', 'warning 1 : lines end in a carriage return alone: save them with \\n'],
  [Buffer.from(`WEBHOOK_TOKEN=${SECRET}`, 'utf16le'), 'error 1 : the file is UTF-16: save it as UTF-8'],
  [
    Buffer.concat([Buffer.from('fffe', 'hex'), Buffer.from('啊', 'utf16le')]),
    'error 1 : the file is UTF-16: save it as UTF-8',
  ],
  [
    Buffer.concat([Buffer.from('PORT=1\nMYSQL_PASSWORD='), Buffer.from('c3dcc2eb', 'hex')]),
    'error 2 : has bytes that are no UTF-8, as a file in GBK has: save it as UTF-8',
  ],
  [
    Buffer.concat([Buffer.from('# '), Buffer.from('c3dcc2eb', 'hex')]),
    'warning 1 : has bytes that are no UTF-8, as a file in GBK has: save it as UTF-8',
  ],
])('%j: %s', (content, ...faults) => {
  expect(faultsOf(content)).toEqual(faults)
  expect(JSON.stringify(read(content).faults)).not.toMatch(/xyzzy|c2Vjcm/)
})

test.each([
  'WEBHOOKTOKEN',
  'webhook_token',
  'Webhook_Token',
  'WEBHOOK-TOKEN',
  'WEBHOOK.TOKEN',
  'WEBHOOK_TOKENS',
  'WEBHOOK_TOKNE',
  'WEBHOK_TOKEN',
  'WEB_HOOK_TOKEN',
])('%s is nearly WEBHOOK_TOKEN', (name) => {
  const message = `${name}: is no variable of this project: is WEBHOOK_TOKEN meant?`
  expect(faultsOf(`${name}=${SECRET}`)).toEqual([`error 1 ${message}`])
  // it is set, and this is something else
  expect(faultsOf(`${name}=${SECRET}\nWEBHOOK_TOKEN=${SECRET}`)).toEqual([`warning 1 ${message}`])
})

test.each<[string, Record<string, string>]>([
  [`\uFEFFWEBHOOK_TOKEN=${SECRET}`, { WEBHOOK_TOKEN: SECRET }],
  [`WEBHOOK_TOKEN = ${SECRET} # a note`, { WEBHOOK_TOKEN: SECRET }],
  [`export WEBHOOK_TOKEN="${SECRET}" # a note`, { WEBHOOK_TOKEN: SECRET }],
  ['\t# a note: 中文，“x”\r\n\r\nPORT=1\r\n', { PORT: '1' }],
  ['PORT=1\rTRACE_DAYS=2', { PORT: '1', TRACE_DAYS: '2' }],
  ['MYSQL_PASSWORD=" a # b "', { MYSQL_PASSWORD: ' a # b ' }],
  ["MYSQL_PASSWORD='a=b:c'", { MYSQL_PASSWORD: 'a=b:c' }],
  ['EVENTBRIDGE_ENDPOINT=http://127.0.0.1:8080/?a=b', { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:8080/?a=b' }],
  [
    'OWN_TOGGLE=1\nHTTPS_PROXY=http://p\nhttp_proxy=x\nNODE_OPTIONS=',
    { OWN_TOGGLE: '1', HTTPS_PROXY: 'http://p', http_proxy: 'x', NODE_OPTIONS: '' },
  ],
])('%j is read', (content, variables) => {
  const { faults, ...rest } = read(content)
  expect(rest).toEqual({ variables })
  expect(faults.filter(({ isError }) => isError)).toEqual([])
})

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIB+x/=\nPath=9w==\n-----END CERTIFICATE-----'

test.each([
  'LOG_PROJECT=abc # 日志（中文）：a，b',
  'LOG_PROJECT=abc # see issue#12 “x”',
  'MYSQL_PASSWORD="密码，a—b"',
  // other programs'
  'COMPOSE_PROJECT_NAME=x\nDATABASE_URL=mysql://u:p@h/db?a=1#b\nSITE=https://example.com/#/home',
  'APP_NAME=钉钉（测试）\nGREETING=“你好，世界”',
  'JSON={"a":"b","c":[1,2]}\nJSON2="{\\"a\\":1}"\nLIST="a","b"',
  'DINGTALK_CLIENT_ID=x\nDINGTALK_APP_KEY=x\nVPC_IP=1\nMYSQL_CHARSET=utf8mb4\nLOG_LEVEL=debug\nREGION=x\nPOST=1\nREPORT=1\nMYSQL_POOL=5\nWEBHOOK_URL=x',
  `CERT="${CERTIFICATE}"\nKEY='${CERTIFICATE}' # x\nexport JSON3=\`{\n  "PORT": 1\n}\``,
])('nothing is said of %j, and the next line counts', (content) => {
  expect(faultsOf(`${content}\nPORT=1`)).toEqual([])
  expect(read(`${content}\nPORT=1`).variables).toMatchObject({ PORT: '1' })
})

test('the names are those of .env.example, of s.yaml and of the commands’ help', () => {
  const example = fs.readFileSync(path.join(PROJECT, '.env.example'))
  expect(readEnvText(example, knownVariables('')).faults).toEqual([])
  const commented = example.toString().match(/^# [A-Za-z]\w+(?==)/gm) ?? []
  const ofServerless = fs.readFileSync(path.join(PROJECT, 's.yaml'), 'utf8').match(/(?<=env\(')\w+/g) ?? []
  const help =
    fs
      .readFileSync(path.join(PROJECT, 'cli/start.ts'), 'utf8')
      .match(/^PORT .*$/m)?.[0]
      .match(/\b[A-Z]+(_[A-Z]+)*\b(?= \(|, )/g) ?? []
  expect([commented.length, ofServerless.length, help.length].every((length) => length > 4)).toBe(true)
  const names = [...commented.map((line) => line.slice(2)), ...ofServerless, ...help]
  expect(names.filter((name) => !knownVariables('').isKnown(name))).toEqual([])
})

test('a file by which something is lost is not read; what is worth a look is told', () => {
  const file = path.join(folder, '.env.local')
  fs.writeFileSync(file, `\nWEBHOOKTOKEN=${SECRET}\nPORT: 1\nSOMETHING=1\n`)
  const message =
    '.env.local:2 WEBHOOKTOKEN: is no variable of this project: is WEBHOOK_TOKEN meant?\n.env.local:3 PORT: has a :, where = is meant, so it is lost: PORT=…'
  expect(() => readDotEnv(file)).toThrow(message)
  expect(() => readSettings(folder, {}, {})).toThrow(message)
  fs.writeFileSync(file, 'LOG_HASH=1\n')
  expect(readDotEnv(file)).toEqual({ LOG_HASH: '1' })
  const warnings = ['.env.local:1 LOG_HASH: is no variable of this project: is LOG_HASH_KEY meant?']
  expect(dotEnvWarnings(file)).toEqual(warnings)
  expect(readSettings(folder, {}, {}).warnings).toEqual(warnings)
})

test.each<[Record<string, string>, string[]]>([
  [{ WEBHOOKTOKEN: SECRET }, ['WEBHOOKTOKEN of the shell is no variable of this project: is WEBHOOK_TOKEN meant?']],
  [{ allowed_ips: '10.0.0.1' }, ['allowed_ips of the shell is no variable of this project: is ALLOWED_IPS meant?']],
  [{ WEBHOOKTOKEN: '' }, []],
  [{ WEBHOOKTOKEN: SECRET, WEBHOOK_TOKEN: SECRET }, []],
  [{ WEBHOOK_URL: 'x', DINGTALK_APP_KEY: 'x', PORTS: '1', TOKEN: 'x', Path: 'x', MYSQL_HOSTS: 'x' }, []],
])('of the shell %j', (shell, warnings) => {
  fs.rmSync(path.join(folder, '.env.local'), { force: true })
  expect(readSettings(folder, shell, {}).warnings).toEqual(warnings)
})
