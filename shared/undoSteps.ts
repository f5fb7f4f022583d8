import { errorMessage } from './errorCode'

/** What takes back what was started: the last first. */
export interface UndoSteps {
  add(step: () => unknown): void
  /**
   * Runs every step, also after one that fails. Safe to call twice: what has run is not run again.
   * @throws the first step's error, once all have run
   */
  run(): Promise<void>
}

/** Runs a start in steps; when one fails, what was already started is taken back. */
export async function startOrUndo<T>(
  start: (undo: UndoSteps) => Promise<T>,
  logFault: (line: string) => void,
): Promise<T> {
  const undo = createUndoSteps()
  try {
    return await start(undo)
  } catch (error) {
    // why it failed matters more than what then could not be stopped
    await undo.run().catch((other: unknown) => logFault(errorMessage(other)))
    throw error
  }
}

export function createUndoSteps(): UndoSteps {
  const steps: (() => unknown)[] = []
  return {
    add(step) {
      steps.push(step)
    },
    async run() {
      const errors: unknown[] = []
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step()
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw errors[0]
    },
  }
}
