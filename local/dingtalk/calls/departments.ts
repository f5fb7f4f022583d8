import { departmentOutOfRange, noSuchDepartment } from '../callError'
import type { Directory } from '../directory'
import { type Department, ROOT } from '../organisation'
import { type Arguments, idOf } from './arguments'

/** topapi/v2/department/get */
export function getDepartment(args: Arguments, directory: Directory): unknown {
  const department = requireDepartment(idOf(args, 'dept_id'), directory)
  const { id, name, parentId, managerIds, fromUnionOrg, sourceIdentifier } = department
  const [owner] = managerIds
  return {
    auto_add_user: department.createGroup,
    create_dept_group: department.createGroup,
    dept_id: BigInt(id),
    dept_manager_userid_list: managerIds,
    dept_permits: [],
    from_union_org: fromUnionOrg,
    group_contain_sub_dept: false,
    hide_dept: department.hidden,
    member_count: directory.countBelow(id),
    name,
    order: BigInt(department.order),
    ...(owner !== undefined && { org_dept_owner: owner }),
    outer_dept: false,
    outer_permit_depts: [],
    outer_permit_users: [],
    // the root has none
    ...(parentId !== undefined && { parent_id: BigInt(parentId) }),
    ...(sourceIdentifier !== undefined && { source_identifier: sourceIdentifier }),
    ...(fromUnionOrg && { union_dept_ext: { corp_id: 'ding0related0organisation', dept_id: 1 } }),
    user_permits: [],
  }
}

/** topapi/v2/department/listsub: one level, without the department itself, and without pages. */
export function listSubDepartments(args: Arguments, directory: Directory): unknown {
  const { organisation, access } = directory
  const { id } = requireDepartment(args['dept_id'] === undefined ? ROOT : idOf(args, 'dept_id'), directory)
  if (access.emptied.includes('qyapi_get_department_list')) return []
  return organisation.children(id).flatMap((child) => {
    const department = organisation.departments.get(child)
    return department === undefined ? [] : [listedDepartment(department)]
  })
}

/** Keys that no document has are in some answers, and a strict reader breaks on them. */
function listedDepartment({ id, name, parentId, createGroup, sourceIdentifier, fromUnionOrg }: Department): unknown {
  return {
    auto_add_user: createGroup,
    create_dept_group: createGroup,
    dept_id: BigInt(id),
    ...(fromUnionOrg && { ext: '{"faceCount":"3"}', from_union_org: true }),
    name,
    parent_id: BigInt(parentId ?? ROOT),
    ...(sourceIdentifier !== undefined && { source_identifier: sourceIdentifier }),
  }
}

/** topapi/v2/department/listsubid: the same, ids alone, whatever the range. */
export function listSubDepartmentIds(args: Arguments, { organisation }: Directory): unknown {
  const deptId = idOf(args, 'dept_id')
  if (!organisation.departments.has(deptId)) throw noSuchDepartment()
  return { dept_id_list: organisation.children(deptId).map(BigInt) }
}

function requireDepartment(deptId: string, { organisation, seesDepartment }: Directory): Department {
  const department = organisation.departments.get(deptId)
  // such as -1, the school's contacts
  if (department === undefined) throw noSuchDepartment()
  if (!seesDepartment(deptId)) throw departmentOutOfRange()
  return department
}
