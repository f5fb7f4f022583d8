import type { TestEmulator } from './emulator'
import { openApiClient } from './popClients'
import { misfits } from './popShapes'

export type Step = [action: string, parameters: object, answer: object]

/** Makes the calls in turn; each answer must have what is expected of it, and be as the API's definition has it. */
export async function runSteps(emulator: TestEmulator, steps: readonly Step[]): Promise<void> {
  const call = openApiClient(emulator)
  for (const [action, parameters, expected] of steps) {
    const answer = await call(action, { ...parameters })
    expect({ action, ...answer }).toMatchObject({ action, ...expected })
    expect(misfits(action, answer)).toEqual([])
  }
}

export const success = { Code: 'Success', Success: true }

/** What terraform takes for not found: it is no failed request, and says why. */
export const gone = (Code: string) => ({ Code, Success: false, Message: expect.stringMatching(/./) })
