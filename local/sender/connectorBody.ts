import { employeeFields, type Person } from './person'

/** The body that a connector's HTTP Webhook node sends: the article's example, with this person in it. */
export function connectorBody(action: string, person: Person): Record<string, unknown> {
  const { userId } = person
  return { syncAction: action, userId, ...(action !== 'user_leave_org' && employeeFields(person)) }
}
