import fs from 'node:fs'
import path from 'node:path'
import { readConfig } from '../../functions/reconcile/config'
import { checkDingtalk } from '../../functions/reconcile/doctor/checkDingtalk'
import type { DeployedFunction } from '../../local/project/serverlessFile'
import { DOCTOR_TRACE, FUNCTION_LOG } from '../../local/stack/functionLog'
import { ConfigError } from '../../shared/config'
import { jsonFields } from '../../shared/json'
import { type Link, ok, unknown, wrong } from '../../shared/links'
import type { Place } from './place'
import { MEND_VARIABLES, RUN_THEM } from './steps'
import { post } from './webhook'

type Asking = Pick<Place, 'isLocal' | 'environment' | 'functions' | 'webhookUrl' | 'localDir'>

const FROM_INSIDE = `s reconcile invoke -e '{"maintenance":"doctor"}'`
/** DingTalk's, for an app and a path. */
const CALLS_PER_S = 20
const DEFAULTS = { enrich: 5, reconcile: 10 }

/**
 * From the app's keys to the two functions that ask DingTalk's API. Who has no key has neither, and lacks nothing: one link
 * says what a key brings.
 */
export async function checkDirectory(place: Asking): Promise<Link[]> {
  const name = 'DingTalk API'
  if (!place.environment['DINGTALK_APP_KEY']?.trim()) {
    return [ok(name, 'not asked; with DINGTALK_APP_KEY rows have everybody, and what events leave out')]
  }
  let links: Link[]
  try {
    const config = readConfig({ EVENT_BUS_NAME: 'dingtalk', ...place.environment })
    const step = `that is this machine’s address; the functions have another: ${FROM_INSIDE}`
    links = await checkDingtalk(config, place.isLocal ? {} : { fromOutside: step })
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    links = [wrong(name, error.message, MEND_VARIABLES)]
  }
  return [...links, judgeQuota(), judgeRate(place.functions), ...(await checkFunctions(place))]
}

/** The address book's calls are free; these two are not. The standard edition has 5,000 calls a month. */
function judgeQuota(): Link {
  const found =
    'of the standard edition’s 5,000 counted calls a month reconcile makes some 750: 720 for failed callbacks, 30 for the range'
  return ok('DingTalk quota', found)
}

/** Instances do not know of each other, and DingTalk counts them together. */
export function judgeRate(
  functions: readonly Pick<DeployedFunction, 'functionName' | 'environmentVariables' | 'concurrencyConfig'>[],
): Link {
  const name = 'DingTalk rate'
  const of = (key: keyof typeof DEFAULTS) => {
    const found = functions.find(({ functionName }) => functionName === `dingtalk-${key}`)
    const rate = Number(found?.environmentVariables?.['DINGTALK_CALLS_PER_S'] || DEFAULTS[key])
    return { rate, instances: found?.concurrencyConfig?.reservedConcurrency ?? 1 }
  }
  const { enrich, reconcile } = { enrich: of('enrich'), reconcile: of('reconcile') }
  const sum = enrich.rate * enrich.instances + reconcile.rate * reconcile.instances
  const found = `enrich ${enrich.rate} × ${enrich.instances}, reconcile ${reconcile.rate} × ${reconcile.instances}: ${sum} calls a second at most, of ${CALLS_PER_S}`
  if (sum < CALLS_PER_S) return ok(name, found)
  return wrong(name, found, 'lower DINGTALK_CALLS_PER_S, or reservedConcurrency of enrich in s.yaml')
}

/** Neither does anything for these. */
const NOTHING = { specversion: '1.0', id: 'doctor', source: 'doctor', type: 'doctor', traceparent: DOCTOR_TRACE }

async function checkFunctions({ isLocal, webhookUrl, localDir, environment }: Asking): Promise<Link[]> {
  if (!isLocal || webhookUrl === undefined || localDir === undefined) {
    const step = `${FROM_INSIDE}; the log has each walk: outcome: walked`
    return [unknown('enrich, reconcile', 'whether they are deployed is not seen from here', step)]
  }
  const names = ['enrich', 'reconcile']
  const running = await Promise.all(
    names.map(async (name) => {
      const url = new URL(`/2023-03-30/functions/dingtalk-${name}/invocations`, webhookUrl)
      const answer = await post(url, JSON.stringify(NOTHING))
      const state = typeof answer === 'string' ? answer : String(answer.status)
      if (state !== '200') return wrong(name, `is not running (${state})`, RUN_THEM)
      return typeof answer !== 'string' && answer.text.includes('"errorType"')
        ? wrong(name, 'fails', 'the log of the stack says why')
        : ok(name, 'runs')
    }),
  )
  return [...running, judgeLastWalk(readLog(localDir), environment['DINGTALK_APP_KEY'])]
}

function readLog(localDir: string): string {
  try {
    return fs.readFileSync(path.join(localDir, FUNCTION_LOG), 'utf8')
  } catch {
    return ''
  }
}

/**
 * @param log the functions' lines, and those of the walks from the desk; those of other kinds are left out
 * @param app DINGTALK_APP_KEY: what was seen of another organisation says nothing of this one
 */
export function judgeLastWalk(log: string, app: string | undefined): Link {
  const name = 'last walk'
  const { outcome, people, departments, withheld, detail } = lastWalkOf(log, app)
  if (outcome === undefined) return ok(name, 'none in the log', 'npm run reconcile walks from here')
  if (outcome === 'walked') return ok(name, `${people} people in ${departments} departments`)
  const why = String(withheld ?? detail)
  return wrong(name, why, 'npm run reconcile walks again from here; if it says the same, mend that first')
}

function lastWalkOf(log: string, app: string | undefined): Readonly<Record<string, unknown>> {
  let last: Readonly<Record<string, unknown>> = {}
  let ofApp: unknown
  for (const line of log.split('\n')) {
    if (!/"outcome":"(app|walked|withheld|reconcile_failed)"/.test(line)) continue
    const fields = jsonFields(line)
    if (fields['outcome'] === 'app') ofApp = fields['app']
    else if ((fields['app'] ?? ofApp) === app) last = fields
  }
  return last
}
