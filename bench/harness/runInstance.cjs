// An instance of a function, as Function Compute's runtime holds it: it loads the module, and calls the handler with one event
// at a time. The parent sends `{ events, count, context }` and gets what became of them, how long each took, the CPU of all of
// them, and what the process has used since its start. Without a module it does nothing, which is the floor; one without a
// handler is a server. To `{ collect: true }` it answers how many bytes it holds after a full collection.
const [file] = process.argv.slice(2)
const { initialize, handler } = file === undefined ? {} : require(file)
let initialized
let payloads = []

process.on('message', async ({ collect, events, count, context }) => {
  if (collect) return process.send(heldBytes())
  if (events.length > 0) payloads = events.map((event) => Buffer.from(event))
  const latencies = []
  let last
  try {
    initialized ??= initialize?.(context)
    await initialized
    const before = process.cpuUsage()
    for (let n = 0; n < count; n++) {
      const started = performance.now()
      last = await handler(payloads[n % payloads.length], context)
      latencies.push(performance.now() - started)
      if (last?.statusCode >= 300) throw new Error(`it answered ${last.statusCode}`)
    }
    const cpuMs = cpuOf(process.cpuUsage(before))
    const sinceStart = { cpuMs: cpuOf(process.cpuUsage()), rssMb: process.memoryUsage.rss() / 2 ** 20 }
    process.send({ latencies, cpuMs, sinceStart, last })
  } catch (error) {
    process.send({ failure: String(error) })
  }
})
process.on('disconnect', () => process.exit())
process.send('ready')

function heldBytes() {
  require('node:v8').setFlagsFromString('--expose-gc')
  const collect = require('node:vm').runInNewContext('gc')
  // after several V8 gives up the code that was not called in the meantime, too, which is none of what calls leave behind
  for (let times = 0; times < 10; times++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

function cpuOf({ user, system }) {
  return (user + system) / 1000
}
