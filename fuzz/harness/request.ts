import http from 'node:http'

export interface Sent {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer
}

export interface Answered {
  status: number
  text: string
}

const ANSWER_WITHIN_MS = 10_000

/** Sends requests over a few connections that are kept. */
export function createClient() {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })
  return {
    /** @throws Error when there is no answer within the time */
    send(port: number, { method, path, headers, body }: Sent): Promise<Answered> {
      return new Promise((resolve, reject) => {
        const options = { host: '127.0.0.1', port, method, path, agent, timeout: ANSWER_WITHIN_MS }
        const req = http.request({ ...options, headers: { ...headers, 'content-length': String(body.length) } })
        req.on('response', (res) => {
          const chunks: Buffer[] = []
          res.on('data', (chunk: Buffer) => chunks.push(chunk))
          res.on('error', reject)
          res.on('end', () => resolve({ status: res.statusCode ?? 0, text: Buffer.concat(chunks).toString() }))
        })
        req.on('timeout', () => req.destroy(new Error('it did not answer in time')))
        req.on('error', reject)
        req.end(body)
      })
    },
    close: () => agent.destroy(),
  }
}
