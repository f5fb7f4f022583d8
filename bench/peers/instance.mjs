// An instance of a function, as Function Compute's runtime holds it: it loads the bundle, and calls the handler with one
// event at a time. The parent sends `{ events, context }` and gets what became of them, and how long each took, and
// the CPU of all of them.
import { createRequire } from 'node:module'

const [bundle] = process.argv.slice(2)
const { handler } = createRequire(import.meta.url)(bundle)

process.on('message', async ({ events, context }) => {
  const payloads = events.map((event) => Buffer.from(event))
  const latencies = []
  let last
  const before = process.cpuUsage()
  try {
    for (const payload of payloads) {
      const started = performance.now()
      last = await handler(payload, context)
      latencies.push(performance.now() - started)
    }
    const { user, system } = process.cpuUsage(before)
    process.send({ latencies, cpuMs: (user + system) / 1000, last })
  } catch (error) {
    process.send({ failure: String(error) })
  }
})
process.send('ready')
