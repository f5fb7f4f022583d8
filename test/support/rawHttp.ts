import http, { type RequestListener } from 'node:http'
import net, { type AddressInfo } from 'node:net'

export interface TestServer {
  port: number
  close(): Promise<void>
}

/** A real server on 127.0.0.1, on a free port or on the given one. */
export function startServer(listener: RequestListener, ownPort = 0): Promise<TestServer> {
  const server = http.createServer(listener)
  return new Promise((resolve) => {
    server.listen(ownPort, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({
        port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed())
            server.closeAllConnections()
          }),
      })
    })
  })
}

export interface RawAnswer {
  status: number
  /** by lower-case name */
  headers: Record<string, string>
  body: Buffer
}

/** Sends these very bytes and reads until the server closes: the request should say `Connection: close`. */
export function sendRaw(port: number, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      for (const part of parts) socket.write(part)
    })
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('end', () => {
      socket.end()
      resolve(parseAnswer(Buffer.concat(chunks)))
    })
  })
}

/** Sends these very bytes and reads one answer, whose length its headers say: the connection may be kept alive. */
export function exchangeRaw(port: number, bytes: string | Buffer): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes))
    let received = Buffer.alloc(0)
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('the server closed the connection')))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const answer = received.includes('\r\n\r\n') ? parseAnswer(received) : undefined
      if (answer === undefined || answer.body.length < Number(answer.headers['content-length'])) return
      socket.destroy()
      resolve(answer)
    })
  })
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n')
  const [statusLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: Object.fromEntries(headers),
    body: bytes.subarray(end + 4),
  }
}
