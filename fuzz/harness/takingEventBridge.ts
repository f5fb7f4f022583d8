import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TakingEventBridge {
  host: string
  /** the batches that it was sent since it was asked the last time */
  taken(): string[]
  close(): Promise<void>
}

/** An EventBridge that takes every event, and keeps it until it is asked. */
export async function startTakingEventBridge(): Promise<TakingEventBridge> {
  let batches: string[] = []
  const server = http.createServer(async (req, res) => {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    batches.push(text)
    const events = JSON.parse(text) as unknown[]
    const EntryList = events.map(() => ({ EventId: 'e', TraceId: 't' }))
    res.setHeader('content-type', 'application/json')
    res.end(JSON.stringify({ RequestId: 'R', FailedEntryCount: 0, EntryList }))
  })
  server.keepAliveTimeout = 60_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken() {
      const all = batches
      batches = []
      return all
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
