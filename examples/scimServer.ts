import { randomUUID } from 'node:crypto'
import express from 'express'
import SCIMMY from 'scimmy'
import SCIMMYRouters from 'scimmy-routers'

/*
 * A SCIM 2.0 server to try accounts against: `npx tsx examples/scimServer.ts`. The protocol is SCIMMY's (RFC 7643, RFC 7644),
 * of npm; here is only the list of accounts, in memory. What an account looks like is printed whenever one changes.
 */

export interface Account {
  id: string
  userName: string
  externalId?: string
  displayName?: string
  active?: boolean
}

type Given = Partial<Account>

/** @param token which a request must have: `authorization: Bearer …` */
export function createScimServer(token: string, changed: (account: Account) => void = () => {}) {
  const accounts = new Map<string, Account>()
  const { User } = SCIMMY.Resources

  SCIMMY.Resources.declare(User)
    .ingress((resource: { id?: string }, given: Given) => {
      const { id = randomUUID() } = resource
      if (resource.id !== undefined && !accounts.has(id))
        throw new SCIMMY.Types.Error(404, '', 'there is no such account')
      const other = [...accounts.values()].find(
        ({ userName }) => userName.toLowerCase() === given.userName?.toLowerCase(),
      )
      if (other !== undefined && other.id !== id) throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken')
      const account = { ...JSON.parse(JSON.stringify(given)), id } as Account
      accounts.set(id, account)
      changed(account)
      return account
    })
    .egress((resource: { id?: string; filter?: { match(all: Account[]): Account[] } }) => {
      const all = [...accounts.values()]
      if (resource.id === undefined) return resource.filter ? resource.filter.match(all) : all
      const account = accounts.get(resource.id)
      if (account === undefined) throw new SCIMMY.Types.Error(404, '', 'there is no such account')
      return account
    })
    .degress((resource: { id?: string }) => {
      accounts.delete(resource.id ?? '')
    })

  const handler = (request: express.Request) => {
    if (request.header('authorization') !== `Bearer ${token}`) throw new Error('the token is wrong')
    return 'somebody'
  }
  const app = express().use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler }))
  return { app, accounts }
}

if (require.main === module) {
  const { SCIM_PORT = '9000', SCIM_TOKEN = 'local' } = process.env
  const { app } = createScimServer(SCIM_TOKEN, ({ userName, displayName, active }) => {
    console.log(`${userName}: ${active ? 'active' : 'not active'}, ${displayName ?? 'without a name'}`)
  })
  app.listen(Number(SCIM_PORT), '127.0.0.1', () => console.log(`SCIM at http://127.0.0.1:${SCIM_PORT}/scim/v2`))
}
