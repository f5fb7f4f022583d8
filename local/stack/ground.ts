import { type Retype, type TakenFolder, takeFolder } from '../../emulator'
import type { UndoSteps } from '../../shared/undoSteps'
import { listen, type Origin } from '../gateway/origin'
import type { Settings } from '../project/settings'

/** A folder and a port that are this process's alone. */
interface Ground extends Pick<TakenFolder, 'lost' | 'lose'> {
  origin: Origin
  /** Writes LOCAL_DIR/env, by which others find what runs here: once it is ready. */
  announce(values: Readonly<Record<string, string>>): void
}

/** @throws UserError when another process has the folder or the port */
export async function takeGround({ localDir, port, publicHost }: Settings, undo: UndoSteps): Promise<Ground> {
  const folder = await takeFolder(localDir, 'local stack', RETYPE, undo)
  const origin = await listen(port, publicHost, (other) => RETYPE({ port: other }))
  undo.add(origin.close)
  return {
    origin,
    ...folder,
    announce(values) {
      // once more: before all else, so that nobody meets what is being stopped
      undo.add(origin.close)
      folder.announce(origin.url, values)
    },
  }
}

const RETYPE: Retype = ({ folder, port } = {}) =>
  `${folder ? 'LOCAL_DIR=.local-2 ' : ''}${port === undefined ? '' : `PORT=${port} `}npm start`
