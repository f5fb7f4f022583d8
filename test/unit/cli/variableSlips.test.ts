import fs from 'node:fs'
import path from 'node:path'
import { badVariables, variableSlips } from '../../../cli/variableSlips'
import { readServerlessFile } from '../../../local/project/serverlessFile'
import { readMappings } from '../../../shared/mapping/readMappings'
import { callbackEnvironment } from '../../support/callback'
import { PROJECT } from '../../support/documents'
import { APP, serverlessText } from '../../support/serverless'

const SHIPPED = fs.readFileSync(path.join(PROJECT, 'mapping.yaml'), 'utf8')
const functions = readServerlessFile(serverlessText)
const slipsOf = (variables: Record<string, string>, text = SHIPPED) =>
  variableSlips(functions, variables, readMappings(text, 'mapping.yaml'), text)
const withColumn = (from: string) => `${SHIPPED}  extra: { slot: 90, type: VARCHAR(64) NULL, ${from} }\n`
const LINE = SHIPPED.split('\n').length
const NEVER = `mapping.yaml:${LINE}:46 column extra is never filled:`
const REMOVES = 'Take that out of DROP_FIELDS, or leave the column out'

test('nothing of the files that are shipped', () => {
  expect(slipsOf({})).toEqual([])
  expect(slipsOf({}, fs.readFileSync(path.join(PROJECT, 'examples/five-columns.mapping.yaml'), 'utf8'))).toEqual([])
})

test.each<[Record<string, string>, string[]]>([
  [
    { DINGTALK_APP_SECRET: 's' },
    [expect.stringMatching(/^DINGTALK_APP_KEY is not set, .*: enrich and reconcile do not/)],
  ],
  [{ DINGTALK_APP_KEY: 'k', DINGTALK_APP_SECRET: 's', DINGTALK_CORP_ID: 'c' }, []],
])('keys of an app: %j', (variables, slips) => {
  expect(slipsOf(variables)).toEqual(slips)
})

test.each<[string, Record<string, string>, string[]]>([
  // by default, and by what is set
  ['from: .mobile', {}, [`${NEVER} DROP_FIELDS has the webhook remove mobile. ${REMOVES}`]],
  ['from: [.email, .diffInfo.curr.email]', {}, [`${NEVER} DROP_FIELDS has the webhook remove email. ${REMOVES}`]],
  ['from: [.extension, .extattr]', {}, [`${NEVER} DROP_FIELDS has the webhook remove extension, extattr. ${REMOVES}`]],
  ['from: .extension.badge', {}, [`${NEVER} DROP_FIELDS has the webhook remove extension. ${REMOVES}`]],
  ['from: .org_email', {}, [`${NEVER} DROP_FIELDS has the webhook remove org_email. ${REMOVES}`]],
  ['from: .mobile', { DROP_FIELDS: 'none' }, []],
  ['from: .mobile', { DROP_FIELDS: 'email' }, []],
  ['from: .nick', { DROP_FIELDS: 'nick' }, [`${NEVER} DROP_FIELDS has the webhook remove nick. ${REMOVES}`]],
  [
    'from: .access_token',
    { DROP_FIELDS: 'none' },
    [`${NEVER} DROP_FIELDS has the webhook remove access_token. ${REMOVES}`],
  ],
  ['from: [.mobile, .nick]', {}, []],
  // where no event has anything
  ['from: $.body.nick', {}, [`${NEVER} no event has $.body.nick; what DingTalk sent is in $.data.body`]],
  [
    'from: [$.nick, $.data.nick]',
    {},
    [`${NEVER} no event has $.nick, $.data.nick; what DingTalk sent is in $.data.body`],
  ],
  ['from: [$.nick, .nick]', {}, []],
  ['from: [$.data.headers.x, $.id]', {}, []],
  ['from: $time', {}, []],
  ['value: x', {}, []],
  ["template: '${$.nick}-1'", {}, [`${NEVER} no event has $.nick; what DingTalk sent is in $.data.body`]],
  [
    'as: text',
    {},
    [`mapping.yaml:${LINE}:3 column extra is never filled: it has no from, value or template, and no event sets it`],
  ],
])('a column with %s, and %j', (from, variables, slips) => {
  expect(slipsOf(variables, withColumn(from))).toEqual(slips)
})

test.each<[string, string, string, string[]]>([
  ['an event with ends', '{ ends: goneAt }', 'goneAt', []],
  ['a column leftAt that is a time', '{}', 'leftAt', []],
  [
    'neither',
    '{}',
    'goneAt',
    [
      `mapping.yaml:${LINE + 7}:56 column nick is personal, and the table has neither an event with ends nor a column leftAt that is read as a time: npm run migrate -- --purge-left erases nothing, of no table`,
    ],
  ],
])('a personal column of a table with %s', (_, leave, goneAt, slips) => {
  const guests = `---
table: guests
action: .syncAction
time: $.time
events: { user_add_org: {}, user_leave_org: ${leave} }
key: { id: { type: INT NOT NULL, from: .id } }
columns:
  nick: { slot: 0, type: VARCHAR(9) NULL, from: .nick, personal: true }
  ${goneAt}: { slot: 1, type: DATETIME(3) NULL, as: time, from: .gone }
`
  expect(slipsOf({}, SHIPPED + guests)).toEqual(slips)
})

test('an event that DingTalk does not have', () => {
  const text = SHIPPED.replace('  user_active_org:', '  user_activ_org: {}\n  user_active_org:')
  const line = SHIPPED.split('\n').findIndex((other) => other.startsWith('  user_active_org:')) + 1
  expect(slipsOf({}, text)).toEqual([
    `mapping.yaml:${line}:3 names user_activ_org, which is no event of DingTalk’s that is known here: is user_active_org meant?`,
  ])
})

test('an event that is named with its subtype', () => {
  const text = SHIPPED.replace('  user_active_org:', '  bpms_task_change/finish: {}\n  user_active_org:')
  const line = SHIPPED.split('\n').findIndex((other) => other.startsWith('  user_active_org:')) + 1
  const where = `mapping.yaml:${line}:3 names bpms_task_change/finish`
  expect(slipsOf({}, text)).toEqual([
    `${where}, and the table has no subtype, where an event says what is behind the /`,
  ])
  expect(slipsOf({}, text.replace('sequence: .row_id', 'subtype: .type\nsequence: .row_id'))).toEqual([])
})

test('a column of what an item of a list has', () => {
  const text = `${withColumn('from: "@.mobile"')}each: .list\n`
  const dropped = /^mapping\.yaml:\d+:\d+ column extra is never filled: DROP_FIELDS has the webhook remove mobile\./
  expect(slipsOf({}, text)).toEqual([expect.stringMatching(dropped)])
  expect(slipsOf({ DROP_FIELDS: 'none' }, text)).toEqual([])
})

test('native callbacks beside a connector’s events, and no corporation for these', () => {
  const both = { ...callbackEnvironment, WEBHOOK_TOKEN: 'sixteen-letters-x' }
  expect(slipsOf(both)).toEqual([expect.stringMatching(/^DINGTALK_CORP_ID: is not set, and .* two rows$/)])
  expect(slipsOf({ ...both, DINGTALK_CORP_ID: 'dingcorp' })).toEqual([])
  expect(slipsOf(callbackEnvironment)).toEqual([])
  // what is wrong is told elsewhere
  expect(slipsOf({ ...both, WEBHOOK_TOKEN: 'short' })).toEqual([])
})

const ASKING = ['enrich function', 'reconcile function']

test.each<[Record<string, string>, { who: string; problems: RegExp }[]]>([
  [{}, []],
  [{ WEBHOOK_TOKEN: 'sixteen-letters-x' }, []],
  [{ WEBHOOK_TOKEN: 'short' }, [{ who: 'webhook', problems: /^WEBHOOK_TOKEN: must have at least 16 characters/ }]],
  [
    { ALLOWED_IPS: 'x', CALLBACK_WINDOW_S: 'y' },
    [{ who: 'webhook', problems: /^ALLOWED_IPS: .*; CALLBACK_WINDOW_S: / }],
  ],
  [{ DINGTALK_CORP_ID: 'x'.repeat(65) }, [{ who: 'employees function', problems: /^DINGTALK_CORP_ID: must have/ }]],
  [
    { LOG_HASH_KEY: 'short' },
    [
      { who: 'webhook', problems: /^LOG_HASH_KEY: / },
      { who: 'employees function', problems: /^LOG_HASH_KEY: / },
    ],
  ],
  [APP, []],
  [
    { ...APP, DINGTALK_APP_SECRET: '', DINGTALK_CORP_ID: '' },
    ASKING.map((who) => ({ who, problems: /^DINGTALK_APP_SECRET: is not set; DINGTALK_CORP_ID: is not set$/ })),
  ],
  [{ ...APP, DINGTALK_CALLS_PER_S: '0' }, ASKING.map((who) => ({ who, problems: /^DINGTALK_CALLS_PER_S: must be/ }))],
  [
    { ...APP, DINGTALK_OAPI_ENDPOINT: 'http://oapi.example.org' },
    ASKING.map((who) => ({ who, problems: /^DINGTALK_OAPI_ENDPOINT: must be an https URL/ })),
  ],
  // without a key neither of them is there
  [{ DINGTALK_APP_SECRET: 'a b', DINGTALK_CALLS_PER_S: '0' }, []],
  // the stack names its own
  [{ MYSQL_PORT: 'x', EVENT_BUS_NAME: '.' }, []],
])('what keeps a function from starting: %j', (variables, problems) => {
  expect(badVariables(functions, variables)).toEqual(
    problems.map((one) => ({ ...one, problems: expect.stringMatching(one.problems) })),
  )
})
