import type { FcCredentials } from '../../shared/fc/types'
import { callRpc } from '../rpc'

/** https://www.alibabacloud.com/help/doc-detail/181425.htm */
const ROLE = 'AliyunServiceRoleForEventBridgeSendToFC'
const COMMAND = 'aliyun resourcemanager CreateServiceLinkedRole --ServiceName sendevent-fc.eventbridge.aliyuncs.com'

const RAM = new URL('https://ram.aliyuncs.com/')

interface RoleCheck {
  state: 'ok' | 'missing' | 'unknown'
  /** for a person, with the command that makes the role */
  line: string
}

/**
 * Whether the account has the service-linked role by which EventBridge invokes functions: without it nothing is
 * delivered. It takes ram:GetRole to know.
 */
export async function checkServiceRole(credentials: FcCredentials, ram: URL = RAM): Promise<RoleCheck> {
  const parameters = { Action: 'GetRole', RoleName: ROLE, Version: '2015-05-01' }
  const code = await callRpc(ram, parameters, credentials).then(
    (answer) => answer.code,
    () => 'no connection',
  )
  if (code === undefined) return { state: 'ok', line: `the role ${ROLE} is there` }
  if (code === 'EntityNotExist.Role') {
    return { state: 'missing', line: `The role ${ROLE} is missing, by which EventBridge invokes functions: ${COMMAND}` }
  }
  return {
    state: 'unknown',
    line: `whether the role ${ROLE} is there is not known (${code}); this makes it: ${COMMAND}`,
  }
}
