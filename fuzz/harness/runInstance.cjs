// An instance of a function, as Function Compute's runtime holds it: it loads the module, and calls the handler with one event
// at a time. The parent sends `{ event, context }` and gets what the handler gave, every line that was written meanwhile, and
// what nobody caught; to `{ collect: true }` it answers how many bytes it holds after a full collection.
const faults = []
process.on('uncaughtException', (error) => faults.push(`uncaught: ${error?.stack}`))
process.on('unhandledRejection', (error) => faults.push(`unhandled: ${error?.stack ?? error}`))

let written = ''
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text) => {
    written += text
    return true
  }
}

const [file] = process.argv.slice(2)
const { initialize, handler } = require(file)
let initialized

process.on('message', async ({ collect, event, context }) => {
  if (collect) return process.send({ held: heldBytes() })
  let answer
  try {
    initialized ??= initialize?.(context)
    await initialized
    answer = { value: await handler(Buffer.from(event), context) }
  } catch (error) {
    answer = { failure: String(error?.stack ?? error) }
  }
  // what was left behind, and fails in the same breath
  await new Promise(setImmediate)
  process.send({ ...answer, written, faults: faults.splice(0) })
  written = ''
})
process.on('disconnect', () => process.exit())
process.send({ ready: true })

function heldBytes() {
  require('node:v8').setFlagsFromString('--expose-gc')
  const collect = require('node:vm').runInNewContext('gc')
  for (let times = 0; times < 10; times++) collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
