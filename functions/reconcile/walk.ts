import { DingtalkError } from '../../shared/dingtalk/directory/errors'
import type { Kind } from '../../shared/dingtalk/directory/events'
import type { Tools } from '../../shared/dingtalk/directory/instance'
import { lookUp } from '../../shared/dingtalk/directory/lookUp'

/** Departments that are read at once; how many calls that makes is for the client to say. */
export const DEPARTMENTS_AT_ONCE = 6

/** What every step of a walk has at hand. */
export interface Walk extends Tools {
  tally: Tally
  onProgress?: ((progress: Progress) => void) | undefined
}

/** How far a walk has come. The departments that are known grow while it goes on. */
export interface Progress {
  step: 'reading' | 'listing' | 'confirming'
  done: number
  known: number
  /** how many were found so far */
  people: number
}

/** What steps find out. They may meet somebody several times. */
export interface Tally {
  /** user ids */
  leavers: Set<string>
  /** kinds and ids: a department may have the id of a person */
  outOfScope: Set<string>
  /** the codes of what could not be read: with one of them the walk has not seen everybody */
  unreadable: string[]
}

/**
 * Does a part of the walk, and counts it when DingTalk will not tell of that part.
 * @returns undefined when it did not succeed, or the department is gone
 * @throws what ends the walk: DingTalk cannot be reached, or an operator has to act first
 */
export async function attempt<T>({ tally }: Walk, work: () => Promise<T>, goneIsFine = true): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof DingtalkError) || error.reaction === 'later' || error.reaction === 'denied') throw error
    if (error.reaction !== 'gone' || !goneIsFine) tally.unreadable.push(error.code)
    return undefined
  }
}

/**
 * Reads one person or department by itself and publishes what DingTalk says.
 * @returns whether there is such a one; undefined when DingTalk does not say
 */
export async function confirm(
  walk: Walk,
  kind: Kind,
  id: string,
): Promise<'there' | 'gone' | 'outOfScope' | undefined> {
  const found = await attempt(walk, () => lookUp(kind, id, walk))
  if (found === undefined) return undefined
  await walk.publisher.add([found.event])
  if (found.is === 'outOfScope') walk.tally.outOfScope.add(`${kind} ${id}`)
  if (found.is === 'gone' && kind === 'user') walk.tally.leavers.add(id)
  return found.is
}

/** Ids below 1 stand for address books of another kind, such as a school's contacts; asked about they are an error. */
export function isDepartment(id: string): boolean {
  return BigInt(id) >= 1n
}
