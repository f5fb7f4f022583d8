import type { Directory } from '../../../shared/dingtalk/directory/directory'
import { DingtalkError } from '../../../shared/dingtalk/directory/errors'
import { type Link, ok, unknown, wrong } from '../../../shared/links'
import { attempt, GRANT, stepFor } from './refusals'

/** No user has it, and DingTalk says so only to whom it lets ask. */
const NOBODY = 'doctor-probe'

interface Permission {
  name: string
  /** the calls that want it, by what the links call them */
  calls: Readonly<Record<string, (directory: Directory, root: string, now: number) => Promise<unknown>>>
  /** what is lost where it is not granted; undefined where no walk can be done */
  without?: string
}

/** What a walk and enrich need, as DingTalk names it. */
export const PERMISSIONS: readonly Permission[] = [
  {
    name: 'qyapi_get_member',
    calls: {
      'user/get': (directory) => directory.user(NOBODY),
      'user/listid': (directory, root) => directory.memberIds(root),
      'user/count': (directory) => directory.countPeople(),
    },
  },
  {
    name: 'qyapi_get_department_member',
    calls: { 'user/list': (directory, root) => directory.members(root).next() },
  },
  {
    name: 'qyapi_get_department_list',
    calls: {
      'department/get': (directory, root) => directory.department(root),
      'department/listsub': (directory, root) => directory.subDepartments(root),
      'department/listsubid': (directory, root) => directory.subDepartmentIds(root),
    },
  },
  {
    name: 'Contact.Common.Read',
    calls: { empLeaveRecords: (directory, _, now) => directory.leaveRecords(now - 60_000, now).next() },
    without: 'who left is known by absence alone, up to a day later',
  },
]

/** Whom or what is asked for may be gone, or out of sight: DingTalk has looked, so the permission is there. */
export async function checkPermission(
  { name, calls, without }: Permission,
  directory: Directory,
  root: string,
  now: number,
): Promise<Link> {
  const link = `DingTalk permission ${name}`
  const errors: DingtalkError[] = []
  for (const call of Object.values(calls)) {
    const answer = await attempt(() => call(directory, root, now))
    if (!(answer instanceof DingtalkError) || answer.reaction === 'gone' || answer.reaction === 'outOfScope') continue
    errors.push(answer)
  }
  const error = errors.find(({ reaction }) => reaction === 'denied') ?? errors[0]
  if (error === undefined) return ok(link, Object.keys(calls).join(', '))
  if (error.reaction === 'later') return unknown(link, error.message, stepFor(error))
  if (without !== undefined && error.reaction === 'denied') {
    return ok(link, `missing, so that ${without}`, `${error.message}; ${GRANT}`)
  }
  return wrong(link, error.message, stepFor(error))
}
