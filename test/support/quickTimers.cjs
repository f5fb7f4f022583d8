/** Loaded before a command (`node --require`): what waits for a time limit, or before another try, waits a tenth of it. */
const timers = require('node:timers')
const promises = require('node:timers/promises')
const { syncBuiltinESMExports } = require('node:module')

const { setTimeout } = timers
const { setTimeout: pause } = promises
const quick = (callback, ms, ...args) => setTimeout(callback, ms / 10, ...args)

// what promisify(setTimeout) takes
Object.defineProperties(quick, Object.getOwnPropertyDescriptors(setTimeout))
timers.setTimeout = quick
globalThis.setTimeout = quick
promises.setTimeout = (ms, ...args) => pause(ms / 10, ...args)
syncBuiltinESMExports()
