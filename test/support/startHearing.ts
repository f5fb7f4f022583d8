import net, { type AddressInfo } from 'node:net'

/**
 * A server that keeps what each connection says first, and answers 200 in plain text whatever that is: over TLS it hears 22, the
 * first byte of a handshake (https://www.rfc-editor.org/rfc/rfc8446#section-5.1).
 */
export async function startHearing(): Promise<{ port: number; firstBytes: number[]; close(): void }> {
  const firstBytes: number[] = []
  const server = net.createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', ([first = -1]) => {
      firstBytes.push(first)
      socket.end('HTTP/1.1 200 OK\r\n\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, firstBytes, close: () => server.close() }
}
