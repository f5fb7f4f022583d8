import { type ApiContext, ApiError } from './context'

/* Connections and the API destinations that use them: https://help.aliyun.com/en/eventbridge/user-guide/manage-connections */

function refuse(_request: unknown, _context: ApiContext): never {
  throw new ApiError(409, 'OperationNotSupported', 'The embedded EventBridge makes no connections by API yet.')
}

export const createConnection = refuse
export const updateConnection = refuse
export const getConnection = refuse
export const listConnections = refuse
export const deleteConnection = refuse
export const createApiDestination = refuse
export const updateApiDestination = refuse
export const getApiDestination = refuse
export const listApiDestinations = refuse
export const deleteApiDestination = refuse
