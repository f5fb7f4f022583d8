import http, { type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bind } from '../bind'
import { createFunctionHost } from '../functionHost/functionHost'
import { MAX_BODY_BYTES, STOP_GRACE_MS } from '../limits'
import { refuseHost } from '../refuseHost'
import type { ImageSettings } from './imageVariables'
import { createRuntimeImage } from './runtimeImage'

export interface RunningImage {
  /** where the function is invoked */
  url: string
  stop(): Promise<void>
}

/**
 * Runs one function behind the contract of its runtime's image, on the loopback interface; on a free port when it is 0.
 * @throws UserError when the port is taken
 */
export async function startRuntimeImage(
  { definition, port }: ImageSettings,
  log: (line: string) => void,
): Promise<RunningImage> {
  const host = createFunctionHost(definition, log)
  const image = createRuntimeImage({ host, definition, maxBodyBytes: MAX_BODY_BYTES, now: () => new Date() })
  const server = http.createServer((req, res) => {
    // a page in a browser must not reach a function through a name that resolves to 127.0.0.1
    if (refuseHost(req, portOf(server), undefined) !== undefined) return res.writeHead(403).end()
    void image(req, res)
  })
  await bind(server, port, (other) => `FC_CUSTOM_LISTEN_PORT=${other}`)
  return {
    url: `http://127.0.0.1:${portOf(server)}/2023-03-30/functions/function/invocations`,
    async stop() {
      server.close()
      await host.stop(STOP_GRACE_MS)
      server.closeAllConnections()
    },
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port
}
