import { UserError } from '../../../shared/userError'
import type { Action } from './action'
import { explainEmployee } from './explain/explainEmployee'

/** `{"maintenance":"explain","userId":"…"}`: what `npm run explain` prints. */
export const explain: Action = {
  keys: ['userId'],
  grants: (table) => `SELECT on ${table} and dead_letters`,
  async run({ userId }, { mapping, instance }) {
    // a number might have lost digits already
    if (typeof userId !== 'string' || userId === '') {
      throw new UserError('Name one employee, in quotes: {"maintenance":"explain","userId":"…"}')
    }
    const { database, config } = instance()
    return explainEmployee(database, mapping, userId, { hashKey: config.LOG_HASH_KEY, traceUrl: undefined })
  },
}
