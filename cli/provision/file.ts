import { type Connections, type EventBridgeFiles, readEventBridgeFiles } from '../../emulator'
import { robotStandIns } from '../../local/dingtalk/robot'
import type { Environment } from '../../shared/config'
import { UserError } from '../../shared/userError'

/** The emulator's reader checks that targets can be delivered to; nothing is delivered here. */
const NOWHERE: Connections = { invoke: async () => ({}), publish: async () => ({}) }

/**
 * Reads eventbridge.yaml as the local stack does, with `${region}`, `${account}` and variables filled in.
 * @param environment what the webhook is deployed with: it must publish where the first document's rules are; and those
 * variables
 * @param functionNames of s.yaml
 * @param isLocal whether it is for a local stack, which has a double where no robot is named
 * @throws UserError that names every fault
 */
export function readFile(
  text: string,
  name: string,
  place: { accountId: string; region: string },
  environment: Environment,
  functionNames?: readonly string[],
  isLocal = false,
): EventBridgeFiles {
  const connections = { ...NOWHERE, ...(functionNames && { functionNames }) }
  const standIns = isLocal ? robotStandIns(environment['ORIGIN'] ?? 'http://127.0.0.1', environment) : {}
  const files = readEventBridgeFiles(text, name, connections, { ...place, variables: environment, standIns })
  const [file] = files
  const { EVENT_BUS_NAME: bus, EVENT_SOURCE_NAME: source } = environment
  if (bus && bus !== file.bus) {
    const hint = files.some((other) => other.bus === bus) ? 'put its document first' : 'make them the same'
    throw new UserError(`EVENT_BUS_NAME is ${bus}, and EventBusName in ${name} is ${file.bus}: ${hint}.`)
  }
  if (source && !file.sources.some((other) => other.name === source)) {
    throw new UserError(`EVENT_SOURCE_NAME is ${source}, and ${name} has no such event source: add it, or change one.`)
  }
  return files
}
