import type { ImageSettings } from '../../local/runtimeImage/imageVariables'
import { startRuntimeImage } from '../../local/runtimeImage/startRuntimeImage'

/**
 * Runs one event and prints what came of it as `s local invoke` does: the log, the result, what it took.
 * https://github.com/devsapp/fc3/blob/master/src/subCommands/local/impl/invoke/baseLocalInvoke.ts
 * @returns whether the function succeeded
 */
export async function invokeOnce(settings: ImageSettings, event: Uint8Array<ArrayBuffer>): Promise<boolean> {
  // what the function writes comes with the answer
  const image = await startRuntimeImage({ ...settings, port: 0 }, () => {})
  try {
    const headers = {
      'content-type': 'application/octet-stream',
      'x-fc-log-type': 'Tail',
      'x-fc-event-type': 'Default',
    }
    const answer = await fetch(image.url, { method: 'POST', headers, body: event })
    const header = (name: string) => answer.headers.get(name) ?? ''
    console.log(Buffer.from(header('x-fc-log-result'), 'base64').toString())
    console.log(await answer.text())
    const { memoryMb } = settings.definition
    const summary = [
      `RequestId: ${header('x-fc-request-id')}`,
      `Billed Duration: ${header('x-fc-invocation-duration')} ms`,
      `Memory Size: ${memoryMb} MB`,
      `Max Memory Used: ${header('x-fc-max-memory-usage') || '?'} MB`,
    ]
    console.log(`${summary.join('    ')}\n`)
    return !answer.headers.has('x-fc-error-type')
  } finally {
    await image.stop()
  }
}
