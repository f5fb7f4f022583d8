import { setTimeout as delay } from 'node:timers/promises'
import { isObject, parseJson } from '../../shared/json'

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
/** How often a server that has too much to do is asked, and the longest that it may want us to wait; else EventBridge waits. */
const [TRIES, MAX_WAIT_S] = [5, 30]

/** @param base such as https://example.org/scim/v2 */
export function createScim(base: string, token: string): Scim {
  async function request(method: string, path: string, body?: object): Promise<Response> {
    try {
      return await fetch(`${base}${path}`, {
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
    } catch {
      // what fetch throws may quote the address or the token
      throw new Error(`the SCIM server does not answer ${method} (SCIM_NO_ANSWER)`)
    }
  }

  /** @throws Error with the status, such as (SCIM_503), and nothing of the answer, which may quote a person */
  async function ask(method: string, path: string, body?: object) {
    let response = await request(method, path, body)
    for (let tries = 1; tries < TRIES; tries++) {
      const wait = response.status === 429 ? (response.headers.get('retry-after') ?? '') : ''
      if (!/^\d{1,2}$/.test(wait) || Number(wait) > MAX_WAIT_S) break
      await response.body?.cancel()
      await delay(Number(wait) * 1000)
      response = await request(method, path, body)
    }
    const { status } = response
    const text = await response.text().catch(() => '')
    const answer = parseJson(text)
    const fields = isObject(answer) ? answer : {}
    const isTaken = status === 409 || fields['scimType'] === 'uniqueness'
    if (!response.ok && !(method === 'POST' && isTaken)) {
      throw new Error(`the SCIM server answers ${method} with ${status} (SCIM_${status})`)
    }
    // a page to log in at, say, or what stands before the server and answers everything with 200
    const isForeign = method === 'GET' ? !isList(fields) : text !== '' && !isObject(answer)
    if (response.ok && (isForeign || isErrorMessage(fields))) {
      throw new Error(`what answers ${method} with ${status} is not SCIM’s (SCIM_ANSWER)`)
    }
    return { isTaken, fields }
  }

  return {
    async find(attribute, value) {
      const filter = encodeURIComponent(`${attribute} eq ${JSON.stringify(value)}`)
      // a userName's letters may be large or small
      const fold = (text: unknown) => (attribute === 'userName' ? String(text).toLowerCase() : text)
      // a server that knows no such filter answers with everybody, a page at a time
      for (let first = 1, newest: unknown; ; ) {
        const { fields } = await ask('GET', `/Users?filter=${filter}${first > 1 ? `&startIndex=${first}` : ''}`)
        const accounts = (fields['Resources'] ?? []) as Account[]
        const found = accounts.find((account) => fold(account[attribute]) === fold(value))
        first += accounts.length
        if (found !== undefined || accounts.length === 0 || first > Number(fields['totalResults'] ?? 0)) return found
        if (accounts.at(-1)?.id === newest) throw new Error('the SCIM server has pages, and turns none (SCIM_PAGES)')
        newest = accounts.at(-1)?.id
      }
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

type Fields = Readonly<Record<string, unknown>>

/** An empty one need not have the list itself. */
function isList({ Resources, totalResults }: Fields): boolean {
  return Array.isArray(Resources) || (Resources === undefined && totalResults === 0)
}

function isErrorMessage({ schemas }: Fields): boolean {
  return [schemas].flat().includes('urn:ietf:params:scim:api:messages:2.0:Error')
}
