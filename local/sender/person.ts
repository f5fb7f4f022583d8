import { randomInt } from 'node:crypto'

/** An invented employee. */
export interface Person {
  userId: string
  name: string
}

/** A user id as DingTalk makes them: 18 digits, too many for a JavaScript number. */
export function randomUserId(): string {
  return `1${Array.from({ length: 17 }, () => randomInt(10)).join('')}`
}

/** The body that a connector's HTTP Webhook node sends: the article's example, with this person in it. */
export function connectorBody(action: string, person: Person): Record<string, unknown> {
  const { userId } = person
  return { syncAction: action, userId, ...(action !== 'user_leave_org' && employeeFields(person)) }
}

/** An employee as connectors and SyncHTTP describe them: the fields of the article's example. */
export function employeeFields({ userId, name }: Person): Record<string, unknown> {
  return {
    orderInDepts: '{1:176292748870660512}',
    dingId: dingIdOf(userId),
    active: true,
    avatar: '',
    isAdmin: false,
    isHide: false,
    isLeaderInDepts: '{1:false}',
    isBoss: false,
    isSenior: false,
    name,
    department: [1],
  }
}

/** The id that a person has beside the user id. */
export function dingIdOf(userId: string): string {
  return `$:LWCP_v1:$${Buffer.from(userId).toString('base64')}`
}
