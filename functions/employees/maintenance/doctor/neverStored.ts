import { type Link, ok } from '../../../../shared/doctor/link'
import { type Executing, selectCount } from '../rows'

/** @throws DatabaseError */
export function countDeadLetters(database: Executing): Promise<number> {
  return selectCount(database, 'SELECT COUNT(*) AS found FROM dead_letters')
}

/** No fault of the chain, which has kept them: but somebody has to mend what they failed on. */
export function judgeDeadLetters(count: number): Link {
  const name = 'never stored'
  if (count === 0) return ok(name, 'nothing in dead_letters')
  const step =
    'dead_letters.reason says why; after the fix npm run replay -- --dead-letters, or in the VPC {"maintenance":"replay"}'
  return ok(name, `${count} ${count === 1 ? 'event' : 'events'} in dead_letters, which could not be stored`, step)
}
