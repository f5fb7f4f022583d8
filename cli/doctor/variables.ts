import { type EmployeesConfig, readConfig as readEmployees } from '../../functions/employees/config'
import { readConfig as readWebhook, type WebhookConfig } from '../../functions/webhook/config'
import { ConfigError } from '../../shared/config'
import { type Link, ok, wrong } from '../../shared/links'
import { checkCorporation, findProblems, problemsOf } from '../checkEnvironment/findProblems'
import type { Place } from './place'
import { MEND_VARIABLES } from './steps'

/** The functions' variables as they read them; undefined for one whose are wrong. */
interface Configurations {
  webhook: WebhookConfig | undefined
  employees: EmployeesConfig | undefined
  problems: readonly string[]
}

export function readConfigurations(place: Place): Configurations {
  const problems = place.isLocal ? [] : findProblems({ ...place, functions: place.deployed })
  const read = <T>(name: string, readConfig: (variables: Record<string, string>) => T): T | undefined => {
    try {
      return readConfig(place.functions.find(({ functionName }) => functionName === name)?.environmentVariables ?? {})
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems.push(...error.message.split('; '))
      return undefined
    }
  }
  const webhook = read('dingtalk-webhook', readWebhook)
  const employees = read('dingtalk-employees', readEmployees)
  if (webhook && employees) problems.push(...problemsOf(() => checkCorporation(webhook, employees)))
  return { webhook, employees, problems: [...new Set(problems)] }
}

/** @param warnings what is worth a look, although nothing is wrong */
export function judgeVariables(problems: readonly string[], warnings: readonly string[] = []): Link {
  if (problems.length === 0) return ok('variables', 'complete', warnings.join('; ') || undefined)
  return wrong('variables', problems.join('; '), MEND_VARIABLES)
}
