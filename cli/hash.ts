import { hashUserId } from '../shared/logUsers'
import { oneArgument, runCommand } from '../shared/runCommand'
import { UserError } from '../shared/userError'
import { localLogHashKey } from './logHashKey'

const HELP = `npm run hash -- <userId>

Prints the hash by which log lines name this employee, with LOG_HASH_KEY of the shell, else of the running local stack, else
of .env.local. It must be what the functions have.
`

void runCommand(HELP, { allowPositionals: true }, async ({ positionals }) => {
  const userId = oneArgument(positionals, 'employee', 'npm run hash -- <userId>')
  const key = localLogHashKey()
  if (key === undefined)
    throw new UserError('Set LOG_HASH_KEY to what the functions have: LOG_HASH_KEY=… npm run hash -- <userId>')
  // as an event's ids are read
  console.log(hashUserId(userId.trim(), key))
})
