import fs from 'node:fs'
import path from 'node:path'
import { readConfig } from '../../../functions/webhook/config'
import { keysOf, plainHeaders, tellTestKeys, testKeys } from '../../../local/stack/testKeys'
import { callbackEnvironment } from '../../support/callback'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const [another, damaged] = [temporaryFolder(), temporaryFolder()]
const CALLBACK_KEYS = ['DINGTALK_TOKEN', 'DINGTALK_AES_KEY', 'DINGTALK_OWNER_KEYS', 'DINGTALK_CORP_ID']

test('are made once, for their owner alone, and the webhook takes them', () => {
  const made = testKeys(folder, {})
  expect(testKeys(folder, {})).toEqual(made)
  expect(testKeys(another, {})).not.toEqual(made)
  expect(fs.statSync(path.join(folder, 'test-keys')).mode & 0o777).toBe(0o600)
  expect(() => readConfig({ EVENT_BUS_NAME: 'dingtalk', ...made.variables })).not.toThrow()
})

test('a file that lacks some is made anew', () => {
  fs.writeFileSync(path.join(damaged, 'test-keys'), 'DINGTALK_TOKEN=abc\n')
  expect(Object.keys(testKeys(damaged, {}).variables)).toEqual([...CALLBACK_KEYS, 'WEBHOOK_TOKEN'])
})

const WEBHOOK_TOKEN = 'a-token-of-sixteen'
const kept = testKeys(folder, {}).variables

test.each<[string, Record<string, string>, string[], boolean]>([
  ['nothing', {}, [...CALLBACK_KEYS, 'WEBHOOK_TOKEN'], true],
  ['an empty token', { WEBHOOK_TOKEN: '' }, [...CALLBACK_KEYS, 'WEBHOOK_TOKEN'], true],
  ["the stack's own, as after `. .local/env`", { ...kept }, [...CALLBACK_KEYS, 'WEBHOOK_TOKEN'], true],
  ['a token: plain events need it', { WEBHOOK_TOKEN }, CALLBACK_KEYS, false],
  ['an API Secret', { CONNECTOR_API_SECRET: 'a-secret' }, CALLBACK_KEYS, false],
  ['keys for callbacks', callbackEnvironment, [], false],
  ['some of these keys, which the webhook then refuses', { DINGTALK_TOKEN: 'tokenA1' }, [], false],
  ['an EventBridge here', { EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1' }, [...CALLBACK_KEYS, 'WEBHOOK_TOKEN'], true],
  ['an EventBridge elsewhere', { EVENTBRIDGE_ENDPOINT: 'https://1.example.org' }, [], false],
  ['a database here', { MYSQL_HOST: 'localhost' }, [...CALLBACK_KEYS, 'WEBHOOK_TOKEN'], true],
  [
    'a tunnel, whose requests prove themselves',
    { PUBLIC_ORIGIN: 'https://a.example' },
    [...CALLBACK_KEYS, 'WEBHOOK_TOKEN'],
    false,
  ],
  ['a database elsewhere', { MYSQL_HOST: 'rds.example.org' }, [], false],
])('whoever has set %s gets', (_, environment, names, isOpen) => {
  const { variables, plainHeaders: headers } = testKeys(folder, environment)
  expect(Object.keys(variables)).toEqual(names)
  expect(Object.keys(headers)).toEqual(isOpen ? ['authorization'] : [])
})

test("the corporation is the user's, where one is named", () => {
  expect(testKeys(folder, { DINGTALK_CORP_ID: 'ding1' }).variables['DINGTALK_CORP_ID']).toBe('ding1')
  expect(testKeys(folder, {}).variables['DINGTALK_CORP_ID']).toBe('dingcorp')
})

test.each<[string, Record<string, string>, string | undefined]>([
  ['nobody’s', { DINGTALK_APP_KEY: 'dingapp' }, undefined],
  ['the user’s', { DINGTALK_APP_KEY: 'dingapp', DINGTALK_CORP_ID: 'ding1' }, 'ding1'],
  ['an invented one', { DINGTALK_APP_KEY: '' }, 'dingcorp'],
])('beside the key of an app the corporation is %s: %j', (_, environment, corpId) => {
  const { variables } = testKeys(folder, environment)
  expect([variables['DINGTALK_CORP_ID'], 'DINGTALK_TOKEN' in variables]).toEqual([corpId, true])
})

test.each<[string, Record<string, string>, Record<string, string>, boolean]>([
  ['a bare stack', kept, {}, true],
  ['no stack', {}, {}, false],
  ['one whose user has a token', {}, { WEBHOOK_TOKEN }, false],
  ['one that was started with a token', { ...kept, WEBHOOK_TOKEN }, {}, false],
  ['one that was started with a token, from a shell that has read its file', { ...kept, WEBHOOK_TOKEN }, kept, false],
  ['one that was started with an API Secret', { ...kept, CONNECTOR_API_SECRET: 'a-secret' }, {}, false],
  ["one that was started with an app's keys", { ...callbackEnvironment, WEBHOOK_TOKEN }, {}, false],
  ['one whose user has set a token since', kept, { WEBHOOK_TOKEN }, false],
])('%s: a command puts the header in: %s', (_, stack, environment, isOpen) => {
  expect('authorization' in plainHeaders(folder, stack, environment)).toBe(isOpen)
})

test('commands are told what is set of the keys and the corporation, and nothing else', () => {
  const connector = { WEBHOOK_TOKEN, CONNECTOR_API_SECRET: 'a-secret' }
  const own = { ...connector, ...callbackEnvironment, DINGTALK_CORP_ID: 'ding1', LOG_HASH_KEY: 'a key for hashes' }
  expect(keysOf({ ...own, PORT: '1' })).toEqual(own)
  expect(keysOf({ WEBHOOK_TOKEN: ' ' })).toEqual({})
})

test('a shell that has read the file of a stack with a token of its user asks for that token again', () => {
  const sourced = { ...kept, WEBHOOK_TOKEN }
  expect(testKeys(folder, sourced)).toEqual(testKeys(folder, { WEBHOOK_TOKEN }))
})

test('the terminal shows them, but for the token, which nobody needs', () => {
  const lines = tellTestKeys(testKeys(folder, {})).join('\n')
  for (const name of CALLBACK_KEYS.slice(0, 3)) expect(lines).toContain(`${name}=${kept[name]}`)
  expect(lines).not.toContain(String(kept['WEBHOOK_TOKEN']))
  expect(tellTestKeys(testKeys(folder, callbackEnvironment))).toEqual([])
})

test.each<[string, Record<string, string>, RegExp]>([
  ['nothing', {}, /^plain events need no token here/],
  [
    'a tunnel',
    { PUBLIC_ORIGIN: 'https://a.example' },
    /^plain events need the WEBHOOK_TOKEN of LOCAL_DIR.env, since PUBLIC_ORIGIN/,
  ],
  ['a token, which is known to whoever set it', { WEBHOOK_TOKEN }, /^encrypted events: /],
])('the terminal says who may send, to whoever has set %s', (_, environment, line) => {
  expect(tellTestKeys(testKeys(folder, environment))[0]).toMatch(line)
})
