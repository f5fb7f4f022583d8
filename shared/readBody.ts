import type { IncomingMessage } from 'node:http'

/**
 * Reads the body of a request or an answer, or undefined once it is over the limit; the rest is then read and thrown away,
 * so that a sender gets to see the answer.
 * @throws Error when it breaks off, or is over before it is read
 */
export function readBody(req: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    // no event would come any more
    if (req.readable === false) return reject(new Error('the body cannot be read any more'))
    const chunks: Buffer[] = []
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else resolve(undefined)
    })
    req.on('end', () => resolve(Buffer.concat(chunks)))
    req.on('error', reject)
  })
}
