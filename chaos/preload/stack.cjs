/**
 * Loaded before `npm start`'s command (`node --require`), whose code knows nothing of it: a clock that can be moved, and
 * functions that fail. CHAOS_CONTROL names a file that says what is to be wrong:
 * - shiftMs: what Date shows beside the time, in this thread and in the functions' threads. Timers, performance.now, the
 *   database's clock and the times of files go on as they are.
 * - throwEvery, hangEvery: each so many-th call of a function of a thread throws, by half after it has done its work, or
 *   is never answered
 */
const threads = require('node:worker_threads')
const { syncBuiltinESMExports } = require('node:module')

const file = process.env['CHAOS_CONTROL']
if (file && threads.isMainThread) {
  require('./control.cjs').moveClock(file)
  const { Worker } = threads
  const prelude = `require(${JSON.stringify(require.resolve('./instance.cjs'))})(${JSON.stringify(file)});\n`
  threads.Worker = class extends Worker {
    constructor(code, options) {
      super(options?.eval ? prelude + code : code, options)
    }
  }
  syncBuiltinESMExports()
}
