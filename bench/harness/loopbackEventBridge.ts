import path from 'node:path'
import { type Running, startProcess } from './measure'

/** An EventBridge that takes every event and keeps none, in a process of its own. @returns it, and where it listens */
export async function startEventBridge(): Promise<Running & { host: string }> {
  const file = path.join(__dirname, 'runEventBridge.mjs')
  const running = await startProcess(process.execPath, [file], /listening on (\d+)/)
  return { ...running, host: `127.0.0.1:${running.ready[1]}` }
}
