/** What a function says of a fault itself, by its callback: Function Compute tells it from one that escapes. */
export class HandledError extends Error {
  readonly given: unknown
  constructor(given: unknown) {
    super('handed to the callback')
    this.given = given
  }
}

type Callback = (error?: unknown, result?: unknown) => void

/**
 * Calls a handler or a lifecycle hook as the Node.js runtimes do: what it returns, or its promise gives, is its result, or
 * else what it hands to the callback that comes after its arguments. What comes first counts. One that declares the
 * callback and returns no promise answers by it alone, so one that never calls it runs into the time limit.
 * https://www.alibabacloud.com/help/en/functioncompute/fc-2-0/user-guide/error-handling-5
 * @throws HandledError what is handed to the callback as an error; else whatever is thrown
 */
export function callFunction(method: (...args: unknown[]) => unknown, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => (error ? reject(new HandledError(error)) : resolve(result))
    const returned = method(...args, callback)
    if (isPromise(returned) || method.length <= args.length) resolve(returned)
  })
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
