import type { Family } from '../callError'
import type { Directory } from '../directory'
import type { Arguments } from './arguments'
import { getDepartment, listSubDepartmentIds, listSubDepartments } from './departments'
import { listLeaveRecords } from './leaveRecords'
import { countUsers, getUser, listAdmins, listSimpleUsers, listUserIds, listUsers } from './people'
import { getRole, getRoleGroup, listRoleHolders, listRoles } from './roles'

/** A call of the directory. */
export interface Call {
  family: Family
  method: 'GET' | 'POST'
  permission: string
  /** whether it counts against the month's quota: the address book is free */
  isCounted: boolean
  /** What its answer has, for topapi and its elders beside the error code; undefined: an argument of api is wrong. */
  run(args: Arguments, directory: Directory): Record<string, unknown> | undefined
}

const BASE = 'qyapi_base'
const MEMBER = 'qyapi_get_member'
const MEMBERS = 'qyapi_get_department_member'
const DEPARTMENTS = 'qyapi_get_department_list'
const CONTACT = 'Contact.Common.Read'

export const PERMISSIONS = [BASE, MEMBER, MEMBERS, DEPARTMENTS, CONTACT] as const

/**
 * The calls by host and path: `oapi/topapi/v2/user/get`.
 * @param takeFailed the list of failed callbacks
 */
export function createCalls(takeFailed: () => Record<string, unknown>): ReadonlyMap<string, Call> {
  return new Map<string, Call>([
    ['oapi/topapi/v2/user/get', topapi(MEMBER, inResult(getUser))],
    ['oapi/topapi/v2/user/list', topapi(MEMBERS, inResult(listUsers))],
    ['oapi/topapi/user/listsimple', topapi(MEMBERS, inResult(listSimpleUsers))],
    ['oapi/topapi/user/listid', topapi(MEMBER, inResult(listUserIds))],
    ['oapi/topapi/user/count', topapi(MEMBER, inResult(countUsers))],
    ['oapi/topapi/user/listadmin', topapi(MEMBER, inResult(listAdmins))],
    ['oapi/topapi/v2/department/get', topapi(DEPARTMENTS, inResult(getDepartment))],
    ['oapi/topapi/v2/department/listsub', topapi(DEPARTMENTS, inResult(listSubDepartments))],
    ['oapi/topapi/v2/department/listsubid', topapi(DEPARTMENTS, inResult(listSubDepartmentIds))],
    ['oapi/topapi/role/list', topapi(DEPARTMENTS, inResult(listRoles))],
    ['oapi/topapi/role/simplelist', topapi(MEMBERS, inResult(listRoleHolders))],
    ['oapi/topapi/role/getrole', topapi(MEMBERS, getRole)],
    ['oapi/topapi/role/getrolegroup', topapi(DEPARTMENTS, getRoleGroup)],
    ['oapi/auth/scopes', old(authScopes)],
    ['oapi/call_back/get_call_back_failed_result', old(takeFailed)],
    [
      'api/v1.0/contact/empLeaveRecords',
      { family: 'api', method: 'GET', permission: CONTACT, isCounted: false, run: listLeaveRecords },
    ],
  ])
}

function topapi(permission: string, run: Call['run']): Call {
  return { family: 'topapi', method: 'POST', permission, isCounted: false, run }
}

function old(run: Call['run']): Call {
  return { family: 'old', method: 'GET', permission: BASE, isCounted: true, run }
}

function inResult(run: (args: Arguments, directory: Directory) => unknown): Call['run'] {
  return (args, directory) => ({ result: run(args, directory) })
}

/** auth/scopes: what the app may see. */
function authScopes(_: Arguments, { access: { range, emptied } }: Directory): Record<string, unknown> {
  const isEmpty = emptied.includes(BASE)
  return {
    auth_org_scopes: {
      authed_dept: isEmpty ? [] : range.departments.map(BigInt),
      authed_user: isEmpty ? [] : range.users,
    },
    auth_user_field: [
      ...['jobnumber', 'isLeader', 'name', 'position', 'isAdmin'],
      ...['avatar', 'department', 'userid', 'deviceId', 'isHide'],
    ],
    condition_field: [],
  }
}
