import path from 'node:path'
import type fc from 'fast-check'
import type { AreaOptions, OpenArea } from '../area'
import { counter } from '../area'
import { PERSONAL } from '../draw/hostile'
import { startChild, TYPESCRIPT } from '../harness/child'
import { type Answered, createClient, type Sent } from '../harness/request'
import { refuseSecrets } from '../harness/secrets'

interface Served<T> {
  input: fc.Arbitrary<T>
  /** signed, or not */
  toRequest(input: T): Sent & { name: string }
  /** @throws Error where the answer is none of the documented ones */
  checkAnswer(answer: Answered): void
  /** removes what was made, so that what is held can be compared */
  clear(send: (request: Sent) => Promise<Answered>): Promise<void>
}

/** How often what was made is removed. */
const CLEARED_AFTER = 2_000

/** An area of the embedded EventBridge, which listens in a process of its own. */
export async function openServer<T>({ folder }: AreaOptions, served: Served<T>): Promise<OpenArea<unknown>> {
  const file = path.join(__dirname, '../harness/runEmulator.ts')
  const child = startChild<{ port: number }>(file, { args: [folder], env: {}, execArgv: TYPESCRIPT })
  const client = createClient()
  const { counts, count } = counter()
  const send = async (request: Sent) => client.send((await child.ready()).port, request)
  let done = 0
  return {
    input: served.input as fc.Arbitrary<unknown>,
    counts,
    async check(drawn) {
      if (++done % CLEARED_AFTER === 0) await served.clear(send)
      const { name, ...request } = served.toRequest(drawn as T)
      const answer = await send(request)
      count(`${name} ${answer.status}`)
      const { faults } = await child.ask<{ faults: string[] }>({ faults: true })
      if (faults.length > 0) throw new Error(`it logged: ${faults.join('; ').slice(0, 2_000)}`)
      refuseSecrets('the answer', answer.text)
      served.checkAnswer(answer)
    },
    show: (drawn) => {
      const { body, ...request } = served.toRequest(drawn as T)
      return JSON.stringify({ ...request, body: body.toString('latin1') }).replaceAll(PERSONAL, 'PERSONAL')
    },
    async heldBytes() {
      await served.clear(send)
      return (await child.ask<{ held: number }>({ collect: true })).held
    },
    async close() {
      client.close()
      await child.stop()
    },
  }
}

/** What a URL can hold: half of a surrogate pair is none of it. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
