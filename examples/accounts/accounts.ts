import { setTimeout as delay } from 'node:timers/promises'
import type { Account, Scim } from './scim'

/** What the table says of somebody. */
export interface Person {
  userId: string
  name: string | null
  hasLeft: boolean
  /** milliseconds: of the newest event that the row has heard of */
  heardAt: number
}

export interface Summary {
  created: number
  changed: number
  unchanged: number
}

/** The employees function usually is as quick as we are; what takes longer comes again by EventBridge. */
const LOOKS = 5
const BETWEEN_LOOKS_MS = 200

/**
 * Makes somebody's account what their row says. An event is but the reason to look: so it may come twice, late or in any
 * order, and nobody's account is another's.
 * @param since the event's time: the row must have heard of it, or of a newer one
 * @throws Error where it has not, so that EventBridge delivers again
 */
export async function followRow(
  userId: string,
  since: number,
  readRow: (userId: string) => Promise<Person | undefined>,
  scim: Scim,
): Promise<keyof Summary> {
  let person = await readRow(userId)
  for (let looks = 1; isBehind(person, since) && looks < LOOKS; looks++) {
    await delay(BETWEEN_LOOKS_MS)
    person = await readRow(userId)
  }
  let outcome: keyof Summary = 'unchanged'
  for (;;) {
    if (person === undefined || isBehind(person, since)) throw new Error('user_info does not have it yet (ROW_NOT_YET)')
    const done = await makeAccount(person, scim)
    if (done !== 'unchanged') outcome = done
    // another delivery may have read a newer row and been quicker to write: who writes last has read what holds
    const again = await readRow(userId)
    if (again?.name === person.name && again.hasLeft === person.hasLeft) return outcome
    person = again
  }
}

function isBehind(person: Person | undefined, since: number): boolean {
  return person === undefined || person.heardAt < since
}

/** Nobody is deleted: who left is not active, and is again when they come back. Who left and has no account gets none. */
async function makeAccount({ userId, name, hasLeft }: Person, scim: Scim): Promise<keyof Summary> {
  // What else an account is to have goes here, and into Person and readRow: a mail address, say, once mapping.yaml has the
  // column and DROP_FIELDS lets it through: emails: [{ value: email, primary: true }]
  const wanted = { externalId: userId, ...(name !== null && { displayName: name }), active: !hasLeft }
  let account = await findAccount(userId, scim)
  if (account === undefined) {
    if (hasLeft) return 'unchanged'
    if (await scim.create({ userName: userId, ...wanted })) return 'created'
    // made by another delivery in the meantime
    account = await findAccount(userId, scim)
    if (account === undefined) throw new Error('the userName is another one’s (USER_NAME_TAKEN)')
  }
  const changes = Object.entries(wanted).filter(([attribute, value]) => account[attribute] !== value)
  if (changes.length === 0) return 'unchanged'
  await scim.patch(account.id, Object.fromEntries(changes))
  return 'changed'
}

/** By the userName where the server knows no filter by externalId, or where it was made by hand: then it becomes this person's. */
async function findAccount(userId: string, scim: Scim): Promise<Account | undefined> {
  const account = (await scim.find('externalId', userId)) ?? (await scim.find('userName', userId))
  return (account?.externalId ?? userId) === userId ? account : undefined
}
