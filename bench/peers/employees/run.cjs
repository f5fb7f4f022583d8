// Calls the `handler` of a module as Function Compute does, one call at a time, and tells what that took. Who started it sends
// { turn, people, size }: of so many people an event each, all newer and other than those of the turn before, `size` in a call.
const { performance } = require('node:perf_hooks')
const { payloadsOf } = require('./events.cjs')

const { handler } = require(process.argv[2])

process.on('message', async ({ turn, people, size }) => {
  const payloads = payloadsOf(turn, people, size)
  const callMs = []
  const cpu = process.cpuUsage()
  const started = performance.now()
  for (const payload of payloads) {
    const called = performance.now()
    await handler(payload, {})
    callMs.push(performance.now() - called)
  }
  const ms = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  process.send({ cpuMs: (user + system) / 1000, ms, callMs })
})
process.on('disconnect', () => process.exit(0))
