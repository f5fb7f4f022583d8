import fs from 'node:fs'
import path from 'node:path'
import { dotEnvWarnings, readDotEnv, readProjectFile, shellFirst } from '../../local/project/projectFiles'
import { type DeployedFunction, fillVariables, readServerlessFile } from '../../local/project/serverlessFile'
import { plainHeaders } from '../../local/stack/testKeys'
import type { Environment } from '../../shared/config'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import type { Mapping } from '../../shared/mapping/mapping'
import { readMappings } from '../../shared/mapping/readMappings'
import { UserError } from '../../shared/userError'
import { localSettings, noStack, requireStack, runningStack, stackEnvironment } from '../localStack'
import { ROOT } from '../project'
import { variableSlips } from '../variableSlips'

/** What the doctor examines, and by what it knows how it should be. */
export interface Place {
  isLocal: boolean
  /** whether that stack takes plain events from whoever reaches it, and has its keys only for whoever wants to try them */
  isOpen: boolean
  /** for a person */
  name: string
  /** of .env, as they are written there; nothing for the local stack */
  dotEnv: Environment
  /** the text of that file */
  dotEnvText: string
  /** what is worth a look in that file, or in .env.local, and in mapping.yaml */
  warnings: readonly string[]
  shell: Environment
  /** all variables: of the local stack first what it says of itself, then the shell's before those of the files */
  environment: Environment
  /** of s.yaml, with these variables filled in */
  functions: readonly DeployedFunction[]
  /** of s.yaml, not filled in */
  deployed: readonly DeployedFunction[]
  eventBridgeFile: { name: string; text: string }
  mappings: readonly Mapping[]
  /** the text of mapping.yaml */
  mappingText: string
  /** of the CA files */
  certificates: string
  webhookUrl: URL | undefined
  /** where the local stack keeps its state; undefined for the cloud */
  localDir: string | undefined
}

interface PlaceOptions {
  local: boolean
  file: string
  webhook?: string
}

/**
 * The running local stack when that is asked for, or when there is one and no .env; else the cloud, by .env and the shell.
 * @throws UserError
 */
export function choosePlace(root: string, shell: Environment, options: PlaceOptions): Place {
  const file = path.join(root, '.env')
  // the local stack does not read it, so it may be as it likes there
  const dotEnv = options.local ? undefined : readDotEnv(file)
  const stack = options.local ? requireStack(root, shell) : runningStack(root, shell)
  const isLocal = options.local || (stack['ORIGIN'] !== undefined && dotEnv === undefined)
  if (!isLocal && dotEnv === undefined) {
    throw noStack('Or, for the cloud, make .env: npm run setup', root, shell)
  }
  const settings = isLocal ? localSettings(root, shell) : undefined
  const environment = settings ? stackEnvironment(root, shell) : shellFirst(shell, dotEnv)
  const deployed = readServerlessFile(readProjectFile(root, 's.yaml'))
  const mappingText = readProjectFile(ROOT, 'mapping.yaml')
  const mappings = readMappings(mappingText, 'mapping.yaml')
  const url = options.webhook ?? (isLocal ? `${stack['ORIGIN']}/webhook/putEvents` : undefined)
  return {
    isLocal,
    isOpen: settings !== undefined && 'authorization' in plainHeaders(settings.localDir, stack, settings.environment),
    name: isLocal ? `the local stack at ${stack['ORIGIN']}` : 'the cloud, as .env has it',
    dotEnv: (isLocal ? undefined : dotEnv) ?? {},
    dotEnvText: isLocal ? '' : fs.readFileSync(file, 'utf8'),
    warnings: [
      ...(settings ? settings.warnings : dotEnvWarnings(file)),
      ...variableSlips(deployed, environment, mappings, mappingText),
    ],
    shell,
    environment,
    functions: fillVariables(deployed, environment),
    deployed,
    eventBridgeFile: { name: options.file, text: readProjectFile(root, options.file) },
    mappings,
    mappingText,
    certificates: path.join(root, 'certs'),
    webhookUrl: url === undefined ? undefined : readUrl(url),
    localDir: settings?.localDir,
  }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // the token goes there
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopbackHost(url.hostname))) return url
  throw new UserError('--webhook takes the URL of the webhook, as s deploy printed it: https://…')
}
