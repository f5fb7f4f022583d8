import path from 'node:path'
import { errorMessage } from '../../shared/errorCode'
import { listen, type Origin } from '../gateway/origin'
import { LOCAL_ACCOUNT } from '../project/account'
import type { Settings } from '../project/settings'
import { removeEnvFile, writeEnvFile } from './envFile'
import { lockFolder } from './lock'

/** A folder and a port that are this process's alone. */
export interface Ground {
  origin: Origin
  /** Writes LOCAL_DIR/env, by which others find what runs here: once it is ready. */
  announce(values: Readonly<Record<string, string>>): void
}

/**
 * @param command what takes it, for errors: `npm start`
 * @throws UserError when another process has the folder or the port
 */
export async function takeGround(command: string, settings: Settings, undo: UndoSteps): Promise<Ground> {
  undo.add(lockFolder(settings.localDir, command))
  const envFile = path.join(settings.localDir, 'env')
  removeEnvFile(envFile)
  const origin = await listen(settings.port, settings.publicHost, command)
  undo.add(origin.close)
  return {
    origin,
    announce(values) {
      // once more: before all else, so that nobody meets what is being stopped
      undo.add(origin.close)
      writeEnvFile(envFile, {
        ORIGIN: origin.url,
        ALIBABA_CLOUD_ACCESS_KEY_ID: LOCAL_ACCOUNT.credentials.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: LOCAL_ACCOUNT.credentials.accessKeySecret,
        FC_ACCOUNT_ID: LOCAL_ACCOUNT.accountId,
        FC_REGION_ID: LOCAL_ACCOUNT.region,
        ...values,
      })
      undo.add(() => removeEnvFile(envFile))
    },
  }
}

/** What takes back what was started: the last first. */
export interface UndoSteps {
  add(step: () => unknown): void
  /**
   * Runs every step, also after one that fails. Safe to call twice: what has run is not run again.
   * @throws the first step's error, once all have run
   */
  run(): Promise<void>
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
