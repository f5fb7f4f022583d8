import type { EventBridgeFile, MapEvent } from '../../emulator'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { readProjectFile } from '../../local/project/projectFiles'
import { type DeployedFunction, deployedRules } from '../../local/project/serverlessFile'
import type { Running } from '../../local/stack/embeddedEventBridge'
import type { Environment } from '../../shared/config'
import type { Mapping } from '../../shared/mapping/mapping'
import { ROOT } from '../project'
import { readConfigs } from '../variableSlips'
import { webhookSource } from '../webhookEvent'
import { type MapProject, type MapRule, mapEvent } from './mapEvent'

/**
 * The project as an event goes through it.
 * @param environment the functions' variables; what is wrong among them is told elsewhere, and counts as unset
 */
export function mapProject(
  functions: readonly DeployedFunction[],
  environment: Environment,
  mappings: readonly Mapping[],
  file: Pick<EventBridgeFile, 'bus' | 'sources'>,
): MapProject {
  const { webhook = readConfigs([], {}).webhook, employees } = readConfigs(functions, environment)
  return {
    mappings,
    source: webhookSource(environment, file, LOCAL_ACCOUNT),
    dropFields: webhook?.DROP_FIELDS ?? [],
    aesKeys: webhook?.DINGTALK_AES_KEY ?? [],
    defaults: { DINGTALK_CORP_ID: employees?.DINGTALK_CORP_ID ?? '' },
  }
}

/** The rules of eventbridge.yaml, of all its buses. */
export function mapRules(
  files: readonly EventBridgeFile[],
  functions: readonly DeployedFunction[],
  environment: Environment,
): MapRule[] {
  return files.flatMap((file) => rulesOf(file, functions, environment))
}

function rulesOf(
  { bus, rules }: EventBridgeFile,
  functions: readonly DeployedFunction[],
  environment: Environment,
): MapRule[] {
  const deployed = deployedRules(rules, functions, environment, LOCAL_ACCOUNT)
  return rules.map(({ name, enabled, filterPattern, targets }) => {
    const isMade = deployed.rules.some((rule) => rule.name === name)
    return {
      bus,
      rule: name,
      enabled,
      pattern: filterPattern,
      targets: targets.map(({ Endpoint }) => ({ endpoint: Endpoint })),
      ...(!isMade && { onlyWith: deployed.waiting.find(({ rule }) => rule === name)?.variable }),
    }
  })
}

/** As the trace page asks it: by the mapping.yaml with which the stack was started. */
export function createMapper(
  functions: readonly DeployedFunction[],
  environment: Environment,
  { mappings, mappingText, file }: Running,
): MapEvent {
  const project = mapProject(functions, environment, mappings, file)
  return (text, rules) => {
    const mapped = mapEvent(text, project, rules, Date.now())
    return hasChanged() ? { ...mapped, notes: [CHANGED, ...mapped.notes] } : mapped
  }

  function hasChanged(): boolean {
    try {
      return readProjectFile(ROOT, 'mapping.yaml') !== mappingText
    } catch {
      // somebody is writing it
      return false
    }
  }
}

const CHANGED = 'mapping.yaml is another than the one that runs, which is what counts here: restart npm start'
