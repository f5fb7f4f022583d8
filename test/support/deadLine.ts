import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'

/** A network path to a server, which can go dead as paths do whose state a router has forgotten: without a word. */
export interface DeadLine {
  port: number
  /** what goes over the connections of now is lost, and they stay open; new ones work */
  die(): void
  close(): Promise<void>
}

export async function deadLine(to: { host: string; port: number }): Promise<DeadLine> {
  const sockets = new Set<net.Socket>()
  const proxy = net.createServer((near) => {
    const far = net.connect(to.port, to.host)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.pipe(other)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (proxy.address() as AddressInfo).port,
    die() {
      for (const socket of sockets) socket.unpipe().resume()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
