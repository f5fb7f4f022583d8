import type { Directory } from '../../../shared/dingtalk/directory/directory'
import { DingtalkError } from '../../../shared/dingtalk/directory/errors'
import { type Link, ok, unknown, wrong } from '../../../shared/links'
import { isDepartment } from '../walk'
import { stepFor } from './refusals'

/** How many departments are looked at for one that has people. */
const MOST_DEPARTMENTS = 10

/** How many there are, and the first department that has people by one of the two lists of them. */
export interface Sight {
  count: number
  listed: number
  shown: number
  /** a department whose sub-departments are listed by their ids, and not with their names */
  hidesDepartments: boolean
}

/** A permission can be taken away in silence: then lists are empty. */
export async function lookForPeople(directory: Directory, root: string): Promise<Sight> {
  const count = await directory.countPeople()
  const departments = [root]
  let hidesDepartments = false
  // it grows meanwhile
  for (const [at, id] of departments.entries()) {
    if (at === MOST_DEPARTMENTS) break
    const listed = (await directory.memberIds(id)).length
    const page = await directory.members(id).next()
    const shown = page.done === true ? 0 : page.value.value.length
    const below = (await directory.subDepartmentIds(id)).filter(isDepartment)
    hidesDepartments ||= below.length > 0 && (await directory.subDepartments(id)).value.length === 0
    if (listed + shown > 0) return { count, listed, shown, hidesDepartments }
    departments.push(...below)
  }
  return { count, listed: 0, shown: 0, hidesDepartments }
}

export function judgePeople(sight: Sight | DingtalkError): Link {
  const name = 'DingTalk people'
  if (sight instanceof DingtalkError) {
    // a link of its own says so
    if (sight.reaction === 'denied') return unknown(name, 'a permission is missing')
    if (sight.reaction === 'outOfScope') return ok(name, 'single ones alone, since the range has no department')
    return unknown(name, sight.message, stepFor(sight))
  }
  const { count, listed, shown, hidesDepartments } = sight
  // an organisation has somebody: the count, as a list, is empty when a permission is lost
  const isWhole = count > 0 && listed > 0 === shown > 0 && !hidesDepartments
  if (isWhole) return ok(name, `${count} in the organisation`)
  const what = hidesDepartments ? 'no department where some are' : 'nobody where somebody is'
  const found = `DingTalk counts ${count} people, and shows ${what}: a permission was taken away`
  return wrong(
    name,
    found,
    'compare the app’s permissions in the developer console with those above; nobody is marked as left meanwhile',
  )
}
