import { parseArgs } from 'node:util'
import { hashUserId } from '../shared/hashUserId'
import { UserError } from '../shared/userError'
import { runCommand } from './runCommand'

const HELP = `npm run hash -- <userId>

Prints the hash by which log lines name this employee. LOG_HASH_KEY must be set in the shell to what the functions have.
`

void runCommand(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) return console.log(HELP)
  const [userId] = positionals
  const key = process.env['LOG_HASH_KEY']
  if (userId === undefined) throw new UserError('Name one employee: npm run hash -- <userId>')
  if (!key) throw new UserError('Set LOG_HASH_KEY to what the functions have: LOG_HASH_KEY=… npm run hash -- <userId>')
  console.log(hashUserId(userId, key))
})
