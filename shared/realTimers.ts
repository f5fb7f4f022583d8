import timers from 'node:timers'

/*
 * What a turn of the event loop is waited for with, as it is when this is loaded: jest's and vitest's fake timers replace the
 * global of that name, and what is written to a store would then wait for ever.
 */
export const { setImmediate: nextTurn } = timers
