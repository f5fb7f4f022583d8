import { judgeBus } from '../../../../cli/doctor/checkEventBridge'
import { judgeRule } from '../../../../cli/doctor/rule'
import { forLocalStack } from '../../../../cli/doctor/steps'
import { judgeTargets } from '../../../../cli/doctor/target'
import { judgeVariables } from '../../../../cli/doctor/variables'
import { judgeRefusal } from '../../../../cli/doctor/webhook'
import type { EmployeesConfig } from '../../../../functions/employees/config'
import { judgeReach } from '../../../../functions/employees/maintenance/doctor/reach'
import { type Link, ok, unknown } from '../../../../shared/links'

const rule = { RuleName: 'r', Description: '', Status: 'DISABLE', FilterPattern: '{}', Targets: [] }
const target = { Id: 't', Type: 'http', Endpoint: 'http://127.0.0.1:9', ParamList: [] } as const
const wanted = { name: 'r', enabled: true, filterPattern: '{}', targets: [{ ...target, ParamList: [] }] }
const place = { functionName: 'f', region: 'cn-hangzhou', accountId: '1' }

/** What the cloud's link advises, and what helps on the local stack. */
test.each<[string, Link, RegExp, RegExp]>([
  ['variables', judgeVariables(['A: is not set']), /in \.env,/, /in \.env\.local, and restart npm start/],
  ['no bus', judgeBus('b', undefined), /^npm run provision makes/, /^npm run provision -- --local makes/],
  ['a disabled rule', judgeRule(wanted, rule), /in the console/, /Resume on the trace page/],
  [
    'another target',
    judgeTargets(wanted, rule, place),
    /^npm run provision sets/,
    /^npm run provision -- --local sets/,
  ],
  [
    'another token',
    judgeRefusal('webhook', { status: 401, text: '' }),
    /^deploy/,
    /^restart npm start: .*\.env\.local/,
  ],
  ['nobody', judgeRefusal('webhook', 'ECONNREFUSED'), /DISABLE_PUBLIC_URL/, /^restart npm start$/],
  ['somebody else', judgeRefusal('webhook', { status: 200, text: '' }), /s deploy/, /^restart npm start$/],
  ['no database', judgeReach('ECONNREFUSED', {} as EmployeesConfig), /whitelist of RDS/, /^restart npm start/],
  ['no EventBridge', unknown('credentials', 'no answer', 'check --endpoint'), /endpoint/, /^restart npm start$/],
])('%s', (_, link, inCloud, here) => {
  expect(link.next).toMatch(inCloud)
  expect(forLocalStack(link)).toEqual({ ...link, next: expect.stringMatching(here) })
})

test.each([ok('credentials', 'accepted'), unknown('delivery', 'late', 'look for it'), ok('never stored', '3', 'mend')])(
  'whatever is the same in both stays: %j',
  (link) => {
    expect(forLocalStack(link)).toBe(link)
  },
)
