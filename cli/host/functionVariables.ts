import { imageVariables } from '../../local/gateway/imageVariables'
import { accountFor } from '../../local/project/account'
import { readProjectFile } from '../../local/project/projectFiles'
import { fillVariables, readServerlessFile } from '../../local/project/serverlessFile'
import { readSettings } from '../../local/project/settings'
import { keysOf } from '../../local/stack/testKeys'
import type { Environment } from '../../shared/config'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { UserError } from '../../shared/userError'
import { runningStack, stackEnvironment } from '../localStack'

/**
 * The image's variables for a function of s.yaml, its own filled in from the shell, `.env.local` and the local stack
 * that runs.
 * @throws UserError
 */
export function functionVariables(
  name: string,
  projectDir: string,
  shell: Environment,
  external: boolean,
): Environment {
  const { environment: own, port } = readSettings(projectDir, shell, { external })
  const database = own['MYSQL_HOST']
  if (database !== undefined && !external && !isLoopbackHost(database)) {
    throw new UserError('MYSQL_HOST is not on this machine. Unset it, or add --external to write there.')
  }
  const environment = {
    // without a stack, events must not go to the cloud
    EVENTBRIDGE_ENDPOINT: `http://127.0.0.1:${port}`,
    ...runningStack(projectDir, shell),
    ...own,
    // as the events of `npm run events` are signed
    ...keysOf(stackEnvironment(projectDir, shell)),
  }
  const deployed = fillVariables(readServerlessFile(readProjectFile(projectDir, 's.yaml')), environment)
  const found = deployed.find(({ functionName }) => functionName === name)
  if (found !== undefined) return imageVariables(found, accountFor(own), projectDir)
  const names = deployed.map(({ functionName }) => functionName).join(', ')
  throw new UserError(`s.yaml has no function ${name}. It has: ${names}`)
}
