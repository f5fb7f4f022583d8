import { NETWORK_STEP } from '../../functions/employees/maintenance/doctor/reach'
import { MEND_CORPORATION, MEND_KEYS } from '../../functions/reconcile/doctor/refusals'
import type { Link } from '../../shared/links'

/** What to do in the cloud; below is what it is on the local stack, which reads .env.local and is deployed by its start. */
export const MEND_VARIABLES = 'mend them in .env, whose words .env.example explains'
export const MEND_TLS = 'mend it in .env, and put the CA file into certs/'
export const PROVISION = 'npm run provision makes it as eventbridge.yaml has it'
export const SAME_SOURCE = 'make them the same: in eventbridge.yaml, or in .env, and deploy'
export const ENABLE = 'enable it in the console, or by npm run provision'
export const SET_TARGET = 'npm run provision sets it as eventbridge.yaml has it; compare that, too'
export const MEND_FILE = 'mend it there, and run npm run provision'
export const DEPLOY = 'deploy: the variables there differ from these here'
export const FIND_WEBHOOK = 'compare the URL with what s deploy printed, or DISABLE_PUBLIC_URL'
export const COMPARE_URL = 'compare the URL with what s deploy printed'
export const RUN_THEM = 's deploy, with DINGTALK_APP_KEY in .env'

const RESTART = 'restart npm start'

const ON_LOCAL_STACK: ReadonlyMap<string | undefined, string> = new Map([
  [MEND_VARIABLES, 'mend them in .env.local, and restart npm start'],
  [MEND_TLS, 'mend it in .env.local, and put the CA file into certs/'],
  [PROVISION, 'npm run provision -- --local makes it as eventbridge.yaml has it; so does a restart of npm start'],
  [SAME_SOURCE, 'make them the same: in eventbridge.yaml, or in .env.local, and restart npm start'],
  [ENABLE, 'Resume on the trace page, or npm run provision -- --local'],
  [SET_TARGET, 'npm run provision -- --local sets it as eventbridge.yaml has it; compare that, too'],
  [MEND_FILE, 'mend it there, and restart npm start'],
  [DEPLOY, 'restart npm start: the variables in .env.local or the shell differ from those it began with'],
  [FIND_WEBHOOK, RESTART],
  [COMPARE_URL, RESTART],
  [RUN_THEM, 'restart npm start, with DINGTALK_APP_KEY in .env.local, or npm start -- --dingtalk'],
  [MEND_KEYS, MEND_KEYS.replace('.env, and deploy', '.env.local, and restart npm start')],
  [MEND_CORPORATION, MEND_CORPORATION.replace('.env, and deploy', '.env.local, and restart npm start')],
  [
    NETWORK_STEP,
    'restart npm start, which starts its database, too; one of your own that MYSQL_HOST names, start yourself',
  ],
])

/** The same link, with what to do on the local stack. */
export function forLocalStack(link: Link): Link {
  // where it is, the stack itself has said
  const step = link.name === 'credentials' && link.state === 'unknown' ? RESTART : ON_LOCAL_STACK.get(link.next)
  return step === undefined ? link : { ...link, next: step }
}
