/** Begins a function's thread, before its code: see stack.cjs. */
const { parentPort } = require('node:worker_threads')
const { moveClock, readControl } = require('./control.cjs')

module.exports = function fail(file) {
  moveClock(file)
  const control = readControl(file)
  const on = parentPort.on.bind(parentPort)
  const post = parentPort.postMessage.bind(parentPort)
  const error = { errorMessage: 'chaos: the function throws', errorType: 'Error', stackTrace: [] }
  let calls = 0
  let throwsAfter = false

  parentPort.on = (name, listener) =>
    on(name, (message) => {
      // of a call with an event alone: initializers begin and end an instance
      if (name !== 'message' || message.event === undefined) return listener(message)
      calls++
      const { throwEvery = 0, hangEvery = 0 } = control()
      if (hangEvery > 0 && calls % hangEvery === 0) return undefined
      if (throwEvery > 0 && calls % throwEvery === 0) {
        throwsAfter = (calls / throwEvery) % 2 === 0
        if (!throwsAfter) return post({ kind: 'threw', error, isHandled: false, memoryMb: 0 })
      }
      return listener(message)
    })
  parentPort.postMessage = (message, ...rest) => {
    if (!throwsAfter || message.kind !== 'returned') return post(message, ...rest)
    throwsAfter = false
    return post({ kind: 'threw', error, isHandled: false, memoryMb: message.memoryMb })
  }
}
