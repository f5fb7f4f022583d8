import { judgeClock, judgeCredentials, readSkew } from '../../../../cli/doctor/account'
import { judgeAuthentication } from '../../../../cli/doctor/authentication'
import { judgeBus, judgeSource } from '../../../../cli/doctor/checkEventBridge'
import { judgeDelivery } from '../../../../cli/doctor/delivery'
import { judgeLastWalk, judgeRate } from '../../../../cli/doctor/dingtalk'
import { judgeSamples } from '../../../../cli/doctor/events'
import { judgeOwnerKeys } from '../../../../cli/doctor/ownerKeys'
import { judgeDeadLetterQueues, judgeRule, type WantedRule } from '../../../../cli/doctor/rule'
import { judgeTargets, judgeUnknownFunctions } from '../../../../cli/doctor/target'
import { judgeUndelivered } from '../../../../cli/doctor/undelivered'
import { judgeVariables } from '../../../../cli/doctor/variables'
import { judgeProbe } from '../../../../cli/doctor/webhook'
import { EventBridgeRefusal } from '../../../../cli/provision/eventBridgeApi'
import type { Target } from '../../../../cli/provision/state'
import { readConfig } from '../../../../functions/webhook/config'
import type { Link } from '../../../../shared/links'
import { UserError } from '../../../../shared/userError'
import { callbackEnvironment } from '../../../support/callback'
import { startServer } from '../../../support/rawHttp'

const MINUTE = 60_000
const CLOUD = { isLocal: false, isOpen: false }
const LOCAL = { isLocal: true, isOpen: false }
const endpoint = new URL('https://1234.eventbridge.cn-hangzhou.aliyuncs.com')
const refused = (code: string) => judgeCredentials(new EventBridgeRefusal('listRules', code, 'm'), endpoint)
const failed = (fields: object) => judgeCredentials(Object.assign(new Error('m'), fields), endpoint)

const rule = { RuleName: 'r', Description: '', Status: 'ENABLE', FilterPattern: '{}', Targets: [] }
const place = { functionName: 'f', region: 'cn-hangzhou', accountId: '1234' }
const target = {
  Id: 't',
  Type: 'acs.fc.function',
  Endpoint: 'acs:fc:cn-hangzhou:1234:functions/f',
  PushRetryStrategy: 'EXPONENTIAL_DECAY_RETRY',
  ParamList: [{ ResourceKey: 'Body', Form: 'ORIGINAL' }],
} as const
const audit = {
  Id: 'a',
  Type: 'http',
  Endpoint: 'http://127.0.0.1:9',
  ParamList: [
    { ResourceKey: 'url', Form: 'CONSTANT', Value: 'http://127.0.0.1:9' },
    { ResourceKey: 'Body', Form: 'JSONPATH', Value: '$.data.body' },
  ],
} as const
const ofApp = (app: string) => JSON.stringify({ level: 'info', outcome: 'app', app })
const OF_APP = ofApp('app')
const WALKED = '{"outcome":"walked","people":5,"departments":4}'
const WITHHELD = '{"outcome":"withheld","withheld":"why"}'
const fromDesk = (app: string) => JSON.stringify({ app, outcome: 'walked', people: 5, departments: 4 })
const lastWalk = (app: string, ...lines: string[]) => judgeLastWalk(lines.join('\n'), app)
/** What the file has, with these targets; and what is on the bus. */
const inFile = (...targets: readonly (typeof target | typeof audit)[]): WantedRule => ({
  name: 'r',
  enabled: true,
  filterPattern: '{}',
  targets: targets.map((entry) => ({ ...entry, ParamList: [...entry.ParamList] })),
})
const onBus = (...targets: readonly object[]) => ({ ...rule, Targets: targets as Target[] })
const targeted = (fields: Partial<Target>) => judgeTargets(inFile(target), onBus({ ...target, ...fields }), place)
const audited = (...targets: readonly object[]) => judgeTargets(inFile(audit), onBus(...targets), place)
const withSlip = (link: Link, isLocal: boolean) =>
  judgeUnknownFunctions(link, ['target a of rule r is the function b'], { fileName: 'e.yaml', isLocal })
const queued = (arn: string | undefined, isLocal: boolean) => {
  const DeadLetterQueue = { Arn: arn }
  return judgeDeadLetterQueues(onBus({ ...audit, DeadLetterQueue }, { ...target, DeadLetterQueue }), isLocal)
}
const sampled = (...taken: (boolean | undefined)[]) =>
  judgeSamples(
    taken.map((isTaken, at) => ({ name: `event ${at}`, isTaken })),
    'f',
  )
const rated = (rate: string, instances: number) =>
  judgeRate([
    {
      functionName: 'dingtalk-enrich',
      environmentVariables: { DINGTALK_CALLS_PER_S: rate },
      concurrencyConfig: { reservedConcurrency: instances },
    },
  ])
const attempt = { rule: 'r', status: '[200]Ok', latencyMs: 12, isDelivered: true }
const source = { EventSourceName: 's', Description: '' }
const http = { Type: 'HTTP', Method: ['POST'], SecurityConfig: 'none' }
const webhook = (variables: Record<string, string>) => readConfig({ EVENT_BUS_NAME: 'b', ...variables })
const asked = (status: number, text = '') => judgeProbe({ status, text })
const owner = (reply: string | undefined, status: number) => [{ owner: 'o', reply, answer: { status, text: '' } }]

test.each<[string, Link, Link['state'], RegExp]>([
  ['variables that are complete', judgeVariables([]), 'ok', /complete/],
  ['variables that are not', judgeVariables(['A: is not set', 'B: bad']), 'wrong', /A: is not set; B: bad.*\.env/],
  ['a clock that is right', judgeClock(-900), 'ok', /as EventBridge’s/],
  ['a clock that is ahead', judgeClock(15 * MINUTE), 'ok', /900 s ahead of EventBridge’s/],
  ['a clock that is far ahead', judgeClock(16 * MINUTE), 'wrong', /960 s ahead.*NTP/],
  ['a clock that is far behind', judgeClock(-16 * MINUTE), 'wrong', /960 s behind.*NTP/],
  ['a clock to compare with nothing', judgeClock(undefined), 'unknown', /does not tell/],
  ['credentials that hold', judgeCredentials(undefined, endpoint), 'ok', /accepted by 1234\.eventbridge/],
  ['a key that nobody knows', refused('InvalidAccessKeyId'), 'wrong', /InvalidAccessKeyId.*check AccessKeyID/],
  ['a wrong secret', refused('SignatureDoesNotMatch'), 'wrong', /SignatureDoesNotMatch.*check AccessKeySecret/],
  ['a key without rights', refused('AccessDenied'), 'wrong', /eventbridge:ListRules.*operator\.policy/],
  ['no such host', failed({ code: 'ENOTFOUND' }), 'unknown', /no host 1234\.eventbridge.*region/],
  ['no connection', failed({ code: 'ECONNREFUSED' }), 'unknown', /No connection/],
  ['no answer', failed({ name: 'RequestTimeoutError' }), 'unknown', /^credentials no answer from 1234\..* No answer/],
  [
    'a resolver that is down',
    failed({ code: 'EAI_AGAIN' }),
    'unknown',
    /no answer from 1234\..*No connection.*EAI_AGAIN/,
  ],
  [
    'a certificate of nobody',
    failed({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
    'unknown',
    /no answer from 1234\..*certificate of 1234\..* is not valid/,
  ],
  [
    'an answer in other words',
    judgeCredentials(new UserError('its answer to listRules'), endpoint),
    'unknown',
    /^credentials an answer that is not understood from 1234\..* → its answer to listRules$/,
  ],
  [
    'a page instead of an answer',
    failed({ name: 'SyntaxError' }),
    'unknown',
    /an answer that is not understood from 1234\..* → .* answers, but not as EventBridge does/,
  ],
  ['no bus', judgeBus('b', undefined), 'wrong', /no b.*npm run provision/],
  [
    'a source that the file calls otherwise, whether it is on the bus or not',
    judgeSource('s', { description: '', sources: [source], rules: [] }, [{ name: 'other' }]),
    'wrong',
    /^source EventSourceName other is not EVENT_SOURCE_NAME s → make them the same/,
  ],
  ['a source', judgeSource('s', { description: '', sources: [source], rules: [] }), 'ok', /s$/],
  [
    'no source',
    judgeSource('s', { description: '', sources: [], rules: [] }),
    'wrong',
    /no s on the bus.*npm run provision/,
  ],
  [
    'a hosted source',
    judgeSource('s', { description: '', sources: [{ ...source, SourceHttpEventParameters: http }], rules: [] }),
    'ok',
    /hosted: whoever has its own URL/,
  ],
  ['a rule', judgeRule(inFile(), rule), 'ok', /^rule r enabled$/],
  ['no rule', judgeRule(inFile(), undefined), 'wrong', /none on the bus.*npm run provision/],
  ['a rule that is disabled', judgeRule(inFile(), { ...rule, Status: 'DISABLE' }), 'wrong', /DISABLE.*enable it/],
  [
    'a rule that the file disables',
    judgeRule({ ...inFile(), enabled: false }, { ...rule, Status: 'DISABLE' }),
    'ok',
    /disabled, as eventbridge\.yaml has it/,
  ],
  ['events that come', sampled(true, true), 'ok', /f gets event 0, event 1/],
  ['an event that no rule takes', sampled(true, false, undefined), 'wrong', /brings f event 1 → .*FilterPattern/],
  [
    'events of which it is not known',
    sampled(true, undefined),
    'unknown',
    /does not say whether a rule takes event 1$/,
  ],
  ['a target', targeted({}), 'ok', /the whole event, 176 retries/],
  [
    'a target in the form of Function Compute 2.0',
    targeted({ Endpoint: 'acs:fc:cn-hangzhou:1234:services/s.LATEST/functions/f' }),
    'ok',
    /whole event/,
  ],
  [
    'a target of another type',
    targeted({ Type: 'acs.mns.queue' }),
    'wrong',
    /t: Type: acs\.mns\.queue -> acs\.fc\.function/,
  ],
  [
    'a function whose name ends alike',
    targeted({ Endpoint: 'acs:fc:cn-hangzhou:1234:functions/xf' }),
    'wrong',
    /t: Endpoint: \S+functions\/xf -> \S+functions\/f/,
  ],
  ['a target that is not there', audited(), 'wrong', /there is no target a → npm run provision sets it/],
  ['a target of another system', audited(audit), 'ok', /^target of r a$/],
  [
    'no unknown function',
    judgeUnknownFunctions(audited(audit), [], { fileName: '', isLocal: true }),
    'ok',
    /^target of r a$/,
  ],
  [
    'an unknown function here',
    withSlip(audited(audit), true),
    'wrong',
    /e\.yaml is wrong: target a .* → mend it there/,
  ],
  [
    'an unknown function in the cloud',
    withSlip(audited(audit), false),
    'ok',
    /^target of r a; target a of rule r is the function b → mend e\.yaml, unless somebody else deploys it$/,
  ],
  ['in the cloud, with another fault', withSlip(audited(), false), 'wrong', /there is no target a → npm run provision/],
  ['beside one that somebody added', audited(audit, target), 'ok', /^target of r a$/],
  [
    'a target of another system, changed',
    audited({ ...audit, Endpoint: 'http://x' }),
    'wrong',
    /a: Endpoint: http:\/\/x ->/,
  ],
  [
    'a target elsewhere',
    targeted({ Endpoint: 'acs:fc:cn-beijing:1234:functions/f' }),
    'wrong',
    /another region or account/,
  ],
  ['a target without a body', targeted({ ParamList: [] }), 'wrong', /Body is missing/],
  ['a target that retries for a minute', targeted({ PushRetryStrategy: null }), 'wrong', /BACKOFF_RETRY/],
  [
    'a target that does not wait',
    targeted({
      ParamList: [...(target.ParamList ?? []), { ResourceKey: 'InvocationType', Form: 'CONSTANT', Value: 'Async' }],
    }),
    'wrong',
    /Async: events count as delivered before they are stored/,
  ],
  ['a queue', queued('acs:mns:q', false), 'ok', /^dead letters of r acs:mns:q$/],
  ['no queue', queued(undefined, false), 'wrong', /target a, t has no queue: .*events are gone.*DeadLetterQueue/],
  [
    'no queue here',
    queued(undefined, true),
    'ok',
    /after the last retry an event is dropped; replay it from the event trace$/,
  ],
  [
    'no authentication',
    judgeAuthentication(webhook({}), CLOUD, undefined),
    'wrong',
    /anyone who knows the URL.*WEBHOOK_TOKEN/,
  ],
  ['no authentication here', judgeAuthentication(webhook({}), LOCAL, { status: 400, text: '' }), 'ok', /none/],
  [
    'the test keys of a stack that asks for none',
    judgeAuthentication(webhook(callbackEnvironment), { isLocal: true, isOpen: true }, { status: 400, text: '' }),
    'ok',
    /none, which does on this machine/,
  ],
  [
    'the test keys of a stack that asks for them: it has a tunnel',
    judgeAuthentication(webhook(callbackEnvironment), { isLocal: true, isOpen: true }, { status: 401, text: '' }),
    'ok',
    /who has none is refused \(401\)/,
  ],
  [
    'a secret',
    judgeAuthentication(webhook({ CONNECTOR_API_SECRET: 'a secret' }), CLOUD, undefined),
    'ok',
    /^\S+ CONNECTOR_API_SECRET$/,
  ],
  [
    'callbacks, and a webhook that asks for them',
    judgeAuthentication(webhook(callbackEnvironment), CLOUD, { status: 401, text: '' }),
    'ok',
    /DINGTALK_TOKEN; who has none is refused \(401\)$/,
  ],
  [
    'a secret that the webhook does not know yet',
    judgeAuthentication(webhook({ CONNECTOR_API_SECRET: 'a secret' }), CLOUD, { status: 400, text: '' }),
    'wrong',
    /CONNECTOR_API_SECRET is set, and the webhook asks for none → deploy/,
  ],
  [
    'nothing that waits',
    judgeUndelivered({ dead: 0, blocked: 0, retrying: 0 }),
    'ok',
    /^never delivered nothing in dead-letter queues$/,
  ],
  [
    'what is tried again',
    judgeUndelivered({ dead: 0, blocked: 0, retrying: 2 }),
    'ok',
    /in dead-letter queues: 0; blocked: 0; waiting for another attempt: 2 → the trace page says why$/,
  ],
  [
    'dead letters in a queue',
    judgeUndelivered({ dead: 3, blocked: 0, retrying: 2 }),
    'wrong',
    /in dead-letter queues: 3; .*after the fix npm run replay -- --dead-letters$/,
  ],
  [
    'a target that is blocked',
    judgeUndelivered({ dead: 0, blocked: 1, retrying: 0 }),
    'wrong',
    /blocked: 1; .*after the fix Unblock on the trace page$/,
  ],
  ['a probe that was taken', asked(200, '{"EntryList":[{"EventId":"e"}]}'), 'ok', /took the event/],
  ['a probe that lets in', asked(400), 'ok', /lets us in/],
  ['a page of somebody else', asked(200, '<html>'), 'wrong', /not as the webhook does.*s deploy/],
  ['nobody', judgeProbe('ENOTFOUND'), 'wrong', /nothing answers \(ENOTFOUND\).*URL/],
  ['a redirect', asked(301), 'wrong', /redirects.*follows none/],
  ['another token', asked(401), 'wrong', /\(401\).*deploy/],
  ['an address that may not', asked(403), 'unknown', /\(403\).*ALLOWED_IPS/],
  ['another path', asked(404), 'wrong', /404.*URL/],
  ['a method that may not', asked(405), 'wrong', /405.*ALLOWED_METHODS/],
  ['a webhook that cannot start', asked(500), 'wrong', /500.*bad_configuration/],
  ['an EventBridge that does not take it', asked(503), 'wrong', /503.*its log says why/],
  ['an owner key that is taken', judgeOwnerKeys(owner('success', 200)), 'ok', /check_url for o; .*owner_unknown/],
  ['an owner key that is not', judgeOwnerKeys(owner(undefined, 503)), 'wrong', /callback for o \(503\).*owner_unknown/],
  ['another DingTalk token', judgeOwnerKeys(owner(undefined, 401)), 'wrong', /\(401\).*deploy/],
  ['an answer that DingTalk cannot read', judgeOwnerKeys(owner(undefined, 200)), 'wrong', /not as the webhook does/],
  [
    'calls within DingTalk’s rate',
    rated('4', 2),
    'ok',
    /enrich 4 × 2, reconcile 10 × 1: 18 calls a second at most, of 20$/,
  ],
  [
    'calls beyond it',
    rated('5', 2),
    'wrong',
    /20 calls a second.*→ lower DINGTALK_CALLS_PER_S, or reservedConcurrency/,
  ],
  [
    'no walk yet',
    lastWalk('app', '{"outcome":"done"}', 'no JSON'),
    'ok',
    /^last walk none in the log → npm run reconcile walks/,
  ],
  [
    'a walk after one that broke off',
    lastWalk('app', OF_APP, '{"outcome":"reconcile_failed","detail":"d"}', WALKED),
    'ok',
    /^last walk 5 people in 4 departments$/,
  ],
  [
    'a walk that did not see everybody',
    lastWalk('app', OF_APP, WALKED, WITHHELD),
    'wrong',
    /^last walk why → npm run reconcile walks again/,
  ],
  [
    'a walk from the desk after it',
    lastWalk('app', OF_APP, WITHHELD, fromDesk('app')),
    'ok',
    /^last walk 5 people in 4 departments$/,
  ],
  [
    'a walk from the desk of another organisation',
    lastWalk('app', OF_APP, WITHHELD, fromDesk('other')),
    'wrong',
    /^last walk why/,
  ],
  [
    'walks of an organisation before',
    lastWalk('new', OF_APP, WITHHELD, ofApp('new')),
    'ok',
    /^last walk none in the log/,
  ],
  ['walks of whoever did not say', lastWalk('new', WITHHELD, ofApp('new')), 'ok', /^last walk none in the log/],
  ['the same organisation, started again', lastWalk('app', OF_APP, WITHHELD, OF_APP), 'wrong', /^last walk why/],
  [
    'an organisation that is there again',
    lastWalk('app', OF_APP, WALKED, ofApp('other'), WITHHELD, OF_APP),
    'ok',
    /^last walk 5 people/,
  ],
  ['a probe that arrived', judgeDelivery('e', [attempt]), 'ok', /rule r in 12 ms/],
  [
    'a probe that failed',
    judgeDelivery('e', [{ ...attempt, status: '[500]No', isDelivered: false }]),
    'wrong',
    /\[500\]No.*eventId: "e"/,
  ],
  ['a probe that is on its way', judgeDelivery('e', []), 'unknown', /no delivery.*look for e/],
])('%s', (_, { name, state, found, next }, expected, text) => {
  expect(state).toBe(expected)
  expect(`${name} ${found}${next === undefined ? '' : ` → ${next}`}`).toMatch(text)
})

test.each<[string, (now: number) => string, number | undefined]>([
  ['the same', (now) => new Date(now).toUTCString(), 0],
  ['an hour behind', (now) => new Date(now - 60 * MINUTE).toUTCString(), 60 * MINUTE],
  ['not readable', () => 'yesterday', undefined],
])('the time of a server whose clock is %s', async (_, date, skew) => {
  const server = await startServer((_request, response) => {
    response.setHeader('date', date(Date.now()))
    response.end()
  })
  const read = await readSkew(new URL(`http://127.0.0.1:${server.port}`))
  await server.close()
  // to the second, and these machines are slow at times
  if (skew === undefined || read === undefined) expect(read).toBe(skew)
  else expect(Math.abs(read - skew)).toBeLessThan(10 * MINUTE)
})

test('a clock to compare with nobody', async () => {
  expect(await readSkew(new URL('http://127.0.0.1:1'))).toBeUndefined()
})
