import path from 'node:path'
import { LOCAL_ACCOUNT } from './account'
import { removeEnvFile, writeEnvFile } from './envFile'
import { lockFolder } from './lock'
import { listen, type Origin } from './origin'
import type { Settings } from './settings'
import type { UndoSteps } from './undoSteps'

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
