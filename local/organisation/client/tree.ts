import type { DepartmentCount } from '../protocol'

export interface Branch extends DepartmentCount {
  children: Branch[]
}

/** By their parents. Whatever hangs below nothing that is known, or below itself, is at the top. */
export function treeOf(departments: readonly DepartmentCount[]): Branch[] {
  const branches = new Map(departments.map((one): [string, Branch] => [one.id, { ...one, children: [] }]))
  const roots: Branch[] = []
  for (const branch of branches.values()) {
    const parent = isInCircle(branch, branches) ? undefined : branches.get(branch.parentId ?? '')
    ;(parent?.children ?? roots).push(branch)
  }
  return roots
}

function isInCircle(branch: Branch, branches: ReadonlyMap<string, Branch>): boolean {
  const seen = new Set<string>()
  for (let at = branches.get(branch.parentId ?? ''); at !== undefined && !seen.has(at.id); ) {
    if (at.id === branch.id) return true
    seen.add(at.id)
    at = branches.get(at.parentId ?? '')
  }
  return false
}
