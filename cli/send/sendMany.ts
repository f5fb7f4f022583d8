import type { Message } from '../../local/sender/messages'
import { sendMessage, type Webhook } from './sendMessage'

/** As many at once as the local stack has instances of a function. */
const AT_ONCE = 4

export interface Counts {
  accepted: number
  /** by status */
  refused: ReadonlyMap<number, number>
}

/** Sends all of them, whatever is answered. @throws UserError when nothing answers */
export async function sendMany(messages: readonly Message[], webhook: Webhook): Promise<Counts> {
  const refused = new Map<number, number>()
  let accepted = 0
  const queue = messages.values()
  const sendFromQueue = async () => {
    for (const message of queue) {
      const { status, problem } = await sendMessage(message, webhook)
      if (problem === undefined) accepted++
      else refused.set(status, (refused.get(status) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sendFromQueue))
  return { accepted, refused }
}

/** e.g. `98 accepted, 2 refused with 503` */
export function showCounts({ accepted, refused }: Counts): string {
  return [`${accepted} accepted`, ...[...refused].map(([status, count]) => `${count} refused with ${status}`)].join(
    ', ',
  )
}
