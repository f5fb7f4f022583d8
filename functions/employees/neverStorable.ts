/**
 * The event can never be stored, however often it is delivered: it becomes a dead letter, and the rest of the batch goes
 * on. The reason names fields and columns, never their values.
 */
export class NeverStorable extends Error {
  override name = 'NeverStorable' as const
}
