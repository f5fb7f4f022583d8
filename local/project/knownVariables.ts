import { type Environment, setVariables } from '../../shared/config'
import { nearest } from '../../shared/nearest'

/** What s.yaml, the functions and the commands take, by the files that explain them. */
const OF_THE_PROJECT = [
  // .env.example
  'AccountID AccessKeyID AccessKeySecret FC_REGION_ID LOG_PROJECT LOG_STORE VPC_ID VSWITCH_ID SECURITY_GROUP_ID',
  'WEBHOOK_ROLE EMPLOYEES_ROLE ENRICH_ROLE RECONCILE_ROLE DISABLE_PUBLIC_URL EVENT_BUS_NAME EVENT_SOURCE_NAME',
  'WEBHOOK_TOKEN CONNECTOR_API_SECRET',
  'DINGTALK_TOKEN DINGTALK_AES_KEY DINGTALK_OWNER_KEYS DINGTALK_CORP_ID CALLBACK_WINDOW_S ALLOWED_IPS TRUSTED_PROXIES',
  'DINGTALK_APP_KEY DINGTALK_APP_SECRET DINGTALK_API_ENDPOINT DINGTALK_OAPI_ENDPOINT DINGTALK_CALLS_PER_S',
  'ALLOWED_REFERERS ALLOWED_METHODS EVENTBRIDGE_ENDPOINT ALLOW_PLAINTEXT_VPC REQUEST_BUDGET_MS MAX_BODY_BYTES',
  'LOG_HASH_KEY DROP_FIELDS MYSQL_HOST MYSQL_PORT MYSQL_USER MYSQL_PASSWORD MYSQL_DATABASE MYSQL_SSL',
  'MAX_LEAVERS DINGTALK_ROBOT_URL DINGTALK_ROBOT_SECRET',
  // npm start
  'PORT LOCAL_DIR TRACE_DAYS TRACE_MAX_MB MAX_CLOCK_SKEW_S PUBLIC_ORIGIN',
  // the keys' other names, as Alibaba Cloud's tools have them
  'FC_ACCOUNT_ID FC_REGION ALIBABA_CLOUD_ACCESS_KEY_ID ALIBABA_CLOUD_ACCESS_KEY_SECRET ALIBABA_CLOUD_SECURITY_TOKEN',
].flatMap((line) => line.split(' '))

/** What Node, npm, apt and `s` take themselves. */
const OF_OTHERS =
  /^(https?_proxy|no_proxy|all_proxy|node_.*|npm_.*|path|home|tz|lang|lc_.*|debug|ci|fc_.*|alibaba_cloud_.*|serverless_devs_.*)$/i

/** Those that decide who may send. */
const DOORS = OF_THE_PROJECT.filter((name) => /^(WEBHOOK_TOKEN|CONNECTOR_|DINGTALK_|ALLOWED_|TRUSTED_)/.test(name))

/**
 * Variables of the shell that are nearly one of those that lock the webhook: nobody reads them, and it would be open. Of
 * others' variables, of which a shell is full, nothing is said.
 * @param isSet whether the variable that is meant is set all the same
 */
export function shellWarnings(shell: Environment, isSet: (name: string) => boolean): string[] {
  return Object.keys(setVariables(shell)).flatMap((name) => {
    const meant = OF_THE_PROJECT.includes(name) ? undefined : nearest(name, DOORS)
    return meant === undefined || isSet(meant)
      ? []
      : [`${name} of the shell is no variable of this project: is ${meant} meant?`]
  })
}

/** Names of secrets whose owner thinks of a lock that is not there, and such as sound like one of our locks. */
const LOCKS = /^(WEBHOOK|CONNECTOR)_(.*_)?(TOKENS?|SECRETS?|KEYS?|PASSWORD)(_|$)/i
const NEAR_LOCKS = /^(WEBHOOK|CONNECTOR|ALLOWED|TRUSTED)_.*(?<!_(URL|ID|NAME|HOST|PORT|PATH))$/i

/** What a file of variables may hold. */
export interface KnownVariables {
  isOurs(name: string): boolean
  /** ours, and those of other programs that we know */
  isKnown(name: string): boolean
  /** which of ours is most likely meant, and whether it can hardly be another's name, but is a slip of the hand */
  meant(name: string): { name: string; isSlip: boolean } | undefined
  isLock(name: string): boolean
  isNearLock(name: string): boolean
}

/** @param texts s.yaml and eventbridge.yaml, to which somebody may have added variables, as far as they are there */
export function knownVariables(...texts: readonly string[]): KnownVariables {
  const added = texts.flatMap((text) =>
    [...text.matchAll(/\benv\(\s*['"](\w+)['"]|\$\{([A-Z][A-Z0-9_]*)\}/g)].map(([, a, b]) => a ?? b ?? ''),
  )
  const names = [...new Set([...OF_THE_PROJECT, ...added])]
  return {
    isOurs: (name) => names.includes(name),
    isKnown: (name) => names.includes(name) || OF_OTHERS.test(name),
    meant(name) {
      const near = nearest(name, names) ?? shortOrLong(name, names)
      if (near === undefined) return undefined
      return { name: near, isSlip: nearest(name, [near], name.length > 6 ? 1 : 0) === near }
    },
    isLock: (name) => LOCKS.test(name),
    isNearLock: (name) => NEAR_LOCKS.test(name),
  }
}

/** EVENT_BUS, MYSQL_PASS, MYSQL_USERNAME: the begin of one of ours, or one with something behind it. */
function shortOrLong(name: string, names: readonly string[]): string | undefined {
  const begins = (long: string, short: string) => short.length > 6 && long.toUpperCase().startsWith(short.toUpperCase())
  return names.find((ours) => begins(ours, name) || begins(name, ours))
}
