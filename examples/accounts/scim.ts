/** An account as the server has it; beside these it may have anything. */
export interface Account extends Readonly<Record<string, unknown>> {
  id: string
  externalId?: string
}

export interface Scim {
  find(attribute: 'externalId' | 'userName', value: string): Promise<Account | undefined>
  /** @returns false where the userName is taken */
  create(attributes: object): Promise<boolean>
  patch(id: string, attributes: Readonly<Record<string, unknown>>): Promise<void>
}

const TIMEOUT_MS = 10_000

/** @param base such as https://example.org/scim/v2 */
export function createScim(base: string, token: string): Scim {
  /** @throws Error with the status, such as (SCIM_503), and nothing of the answer, which may quote a person */
  async function ask(method: string, path: string, body?: object) {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json, application/json',
        ...(body && { 'content-type': 'application/scim+json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const answer = (await response.json().catch(() => ({}))) as { scimType?: string; Resources?: Account[] }
    const isTaken = response.status === 409 || answer.scimType === 'uniqueness'
    if (!response.ok && !(method === 'POST' && isTaken)) {
      throw new Error(`the SCIM server answers ${method} with ${response.status} (SCIM_${response.status})`)
    }
    return { isTaken, accounts: answer.Resources ?? [] }
  }

  return {
    async find(attribute, value) {
      const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)
      const { accounts } = await ask('GET', `/Users?filter=${filter}`)
      // a server that knows no such filter answers with everybody; a userName's letters may be large or small
      const fold = (text: unknown) => (attribute === 'userName' ? String(text).toLowerCase() : text)
      return accounts.find((account) => fold(account[attribute]) === fold(value))
    },
    async create(attributes) {
      const user = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], ...attributes }
      return !(await ask('POST', '/Users', user)).isTaken
    },
    async patch(id, attributes) {
      await ask('PATCH', `/Users/${encodeURIComponent(id)}`, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: Object.entries(attributes).map(([path, value]) => ({ op: 'replace', path, value })),
      })
    },
  }
}
