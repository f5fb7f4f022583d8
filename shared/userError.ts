/**
 * Something the person at the command line can mend. The message says what is wrong and what to do, in one line;
 * commands print it without a stack and exit with 1. Anything else that is thrown is a fault of ours.
 */
export class UserError extends Error {
  override name = 'UserError' as const
}
