import timers from 'node:timers'

/*
 * What a turn of the event loop, and a few milliseconds, are waited for with, as they are when this is loaded: jest's and
 * vitest's fake timers replace the globals of these names, and what is written to a store would then wait for ever.
 */
export const { setImmediate: nextTurn, setTimeout: afterMs, clearTimeout: cancelAfter } = timers
