/** What the file of CHAOS_CONTROL says, and the clock that follows it. */
const { readFileSync } = require('node:fs')

/** Before the file is read again. */
const FRESH_MS = 50

function readControl(file) {
  let control = {}
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = performance.now()
    if (now - readAt < FRESH_MS) return control
    readAt = now
    try {
      control = JSON.parse(readFileSync(file, 'utf8'))
    } catch {
      // it is just being replaced: what it said before
    }
    return control
  }
}

function moveClock(file) {
  const control = readControl(file)
  const Real = Date
  const now = () => Real.now() + (control().shiftMs ?? 0)
  globalThis.Date = new Proxy(Real, {
    get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
    apply: (target) => String(new target(now())),
  })
}

module.exports = { readControl, moveClock }
