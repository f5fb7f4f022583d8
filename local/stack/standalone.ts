import { type Connections, isPopRequest } from '../../emulator'
import type { Settings } from '../project/settings'
import { takeGround } from './ground'
import { createLocalEventBridge, readLocalFile } from './localEventBridge'
import { startOrUndo } from './undoSteps'

interface StandaloneOptions {
  projectDir: string
  settings: Settings
  /** what targets reach the world by */
  connections: Connections
  /** a line about what goes wrong in the emulator itself */
  logFault(line: string): void
}

interface Standalone {
  url: string
  /** why it cannot go on, once that is so. Never rejects. */
  broken: Promise<string>
  /** Stops what was started, in order. Safe to call twice. */
  stop(): Promise<void>
}

/**
 * The embedded EventBridge by itself, for functions that run elsewhere: a bus and rules file is all it needs.
 * @throws UserError
 */
export function startStandalone({
  projectDir,
  settings,
  connections,
  logFault,
}: StandaloneOptions): Promise<Standalone> {
  return startOrUndo(async (undo) => {
    const { origin, announce, lost, lose } = await takeGround('npm run eventbridge', settings, undo)
    const file = readLocalFile(projectDir, settings, connections)
    const webhookUrl = `${origin.url}/openapi/putEvents`
    const eventBridge = await createLocalEventBridge(settings, {
      file,
      connections,
      webhookUrl,
      log: logFault,
      lost: lose,
    })
    undo.add(eventBridge.stop)
    const { openApi, popApi, queueApi, tracePage, endStreams } = eventBridge
    origin.open({ openApi, popApi, isPopRequest, queueApi, tracePage, endStreams })
    eventBridge.deliver()
    eventBridge.prepareTracePage()
    announce({ EVENTBRIDGE_ENDPOINT: origin.url, EVENT_BUS_NAME: file.bus })
    return { url: origin.url, broken: lost, stop: undo.run }
  }, logFault)
}
