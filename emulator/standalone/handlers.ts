import type { Clock } from '../../shared/clock'
import { errorMessage } from '../../shared/errorCode'
import { stringifyLossless } from '../../shared/json'
import { nearest } from '../../shared/nearest'
import type { UnderWay } from '../delivery/underWay'
import type { Delivery, DeliveryResult, InvokeFunction } from '../targets/target'
import { createHandlerCall, handlerCalls } from './handlerCalls'

/** A CloudEvent as one flat JSON object: attributes, extensions and `data`. */
export interface CloudEvent {
  id: string
  source: string
  type: string
  specversion: string
  time?: string
  subject?: string
  datacontenttype?: string
  aliyuneventbusname: string
  // biome-ignore lint/suspicious/noExplicitAny: JSON that the test itself published; unknown would have it cast each field
  data?: any
  // biome-ignore lint/suspicious/noExplicitAny: extensions, as well
  [extension: string]: any
}

/** What a handler is told beside its event. */
export interface HandlerContext extends Delivery {
  /** what it was given as its event, as text: with all digits of a number */
  text: string
  /** the bus's own */
  clock: Clock
  /** aborted when the bus is stopped */
  signal: AbortSignal
}

/**
 * Takes the events of a rule, or what a target's Body makes of them. What it returns is the delivery's answer; when it
 * throws, the delivery has failed, and is made again by the target's strategy.
 */
// biome-ignore lint/suspicious/noExplicitAny: a Body makes of an event what it likes
export type Handler = (event: any, context: HandlerContext) => unknown

interface HandlersOptions {
  handlers: Readonly<Record<string, Handler>>
  clock: Clock
  signal: AbortSignal
  underWay(): Pick<UnderWay, 'during' | 'enter' | 'leave'>
}

const ABORTED = 'cut off, as the bus is stopped'

export interface RunningHandlers {
  invoke: InvokeFunction
  /** Whether what runs has been called by a handler of the bus that has not ended yet. */
  isWithin(): boolean
}

/** Functions that are handlers in this process. */
export function runHandlers({ handlers, clock, signal, underWay }: HandlersOptions): RunningHandlers {
  const owner = {}

  async function run(handler: Handler, text: string, delivery: Delivery): Promise<DeliveryResult> {
    const call = createHandlerCall(owner, underWay())
    try {
      const returned = await handlerCalls.run(call, async () =>
        handler(parse(text), { ...delivery, text, clock, signal }),
      )
      if (returned === undefined) return {}
      return { answer: answerOf(returned) }
    } catch (error) {
      return { error: errorMessage(error) || 'the handler failed' }
    } finally {
      call.end()
    }
  }

  return {
    async invoke(name, payload, { async, delivery }) {
      const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
      if (handler === undefined) return { error: noHandler(name, handlers) }
      const result = run(handler, payload, delivery ?? { bus: '', rule: '', target: '', attempt: 1 })
      if (!async) return orAborted(result, signal)
      void underWay().during(result)
      return {}
    },
    isWithin() {
      const call = handlerCalls.getStore()
      return call?.owner === owner && call.isRunning()
    },
  }
}

function answerOf(returned: unknown): string {
  if (typeof returned === 'string') return returned
  try {
    return stringifyLossless(returned)
  } catch {
    // what is no JSON, such as an object that holds itself
  }
  try {
    return String(returned)
  } catch {
    // the handler has done its work, whatever can be told of what it returned
    return ''
  }
}

export function noHandler(name: string, handlers: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(handlers)
  const meant = nearest(name, names)
  const hint = meant === undefined ? `targets has ${names.join(', ') || 'none'}` : `is ${meant} meant?`
  return `${name} is no handler of targets: ${hint}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // what a template makes need not be JSON
    return text
  }
}

/** A handler that does not end must not keep the bus from stopping. */
function orAborted(result: Promise<DeliveryResult>, signal: AbortSignal): Promise<DeliveryResult> {
  return new Promise((resolve) => {
    const abort = () => resolve({ error: ABORTED })
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    void result.then((done) => {
      signal.removeEventListener('abort', abort)
      resolve(done)
    })
  })
}
