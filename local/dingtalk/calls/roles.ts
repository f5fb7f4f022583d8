import { CallError } from '../callError'
import type { Directory } from '../directory'
import type { Role } from '../organisation'
import { type Arguments, idOf, numberOf, withCode } from './arguments'

const MAX_OFFSET = 1_000_000
const noSuchRole = () => new CallError(33_011, '角色不存在')

/** topapi/role/list: groups with their roles; camel case, unlike all others. */
export function listRoles(args: Arguments, { organisation: { roles } }: Directory): unknown {
  const { offset, size } = readPage(args, 200)
  const groups = new Map(roles.map(({ groupId, groupName }) => [groupId, groupName]))
  const all = [...groups].map(([groupId, name]) => ({
    groupId: BigInt(groupId),
    name,
    roles: roles.filter((role) => role.groupId === groupId).map((role) => ({ id: BigInt(role.id), name: role.name })),
  }))
  return { hasMore: offset + size < all.length, list: all.slice(offset, offset + size) }
}

/** topapi/role/simplelist: who has a role. */
export function listRoleHolders(args: Arguments, { organisation, holders, seesPerson }: Directory): unknown {
  const { offset, size } = readPage(args, 100)
  const { id } = requireRole(organisation.roles, idOf(args, 'role_id'))
  const all = holders(id).filter(seesPerson)
  const next = offset + size
  const list = all.slice(offset, next).map(({ userid, name }) => ({ name, userid }))
  return next < all.length ? { hasMore: true, nextCursor: next, list } : { hasMore: false, list }
}

/** topapi/role/getrole, whose answer is no `result` */
export function getRole(args: Arguments, { organisation }: Directory): Record<string, unknown> {
  const { groupId, name } = requireRole(organisation.roles, idOf(args, 'roleId'))
  return { role: { groupId: BigInt(groupId), name } }
}

/** topapi/role/getrolegroup, whose answer is no `result` */
export function getRoleGroup(args: Arguments, { organisation }: Directory): Record<string, unknown> {
  const groupId = idOf(args, 'group_id')
  const members = organisation.roles.filter((role) => role.groupId === groupId)
  const [first] = members
  if (first === undefined) throw noSuchRole()
  const roles = members.map(({ id, name }) => ({ role_id: BigInt(id), role_name: name }))
  return { role_group: { group_name: first.groupName, roles } }
}

function readPage(args: Arguments, max: number): { offset: number; size: number } {
  return {
    offset: withCode(40_068, '不合法的偏移量', () =>
      numberOf(args, 'offset', { min: 0, max: MAX_OFFSET, otherwise: 0 }),
    ),
    size: withCode(40_069, '不合法的分页大小', () => numberOf(args, 'size', { min: 1, max, otherwise: 20 })),
  }
}

function requireRole(roles: readonly Role[], id: string): Role {
  const role = roles.find((other) => other.id === id)
  if (role === undefined) throw noSuchRole()
  return role
}
