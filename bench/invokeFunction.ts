import { type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { LOCAL_ACCOUNT } from '../local/project/account'

/** What a process has used from its start until it had answered. */
export interface Invoked {
  /** of all its threads */
  cpuMs: number
  /** as whoever started it waits */
  wallMs: number
  /** after each fifth of the requests */
  rssMb: number[]
}

export interface Invocation {
  /** a CommonJS module with a `handler`, and perhaps an `initialize` */
  module: string
  /** what the handler is called with, in turn; texts of JSON */
  payloads: readonly string[]
  /** as many of them; one without it */
  requests?: number
  env: Readonly<Record<string, string>>
}

const CONTEXT = {
  region: LOCAL_ACCOUNT.region,
  accountId: LOCAL_ACCOUNT.accountId,
  credentials: { accessKeyId: 'AKID', accessKeySecret: 'SECRET' },
}

/** Each script writes what its process used to descriptor 3, for stdout is the function's. */
const REPORT = `
  const report = (rssMb = [process.memoryUsage.rss() / 2 ** 20]) => {
    const { user, system } = process.cpuUsage()
    require('node:fs').writeSync(3, JSON.stringify({ cpuMs: (user + system) / 1000, rssMb }))
    process.exit()
  }`

/** As Function Compute calls a function. */
const INVOKE = `${REPORT}
  const [module_, requests, context] = process.argv.slice(1)
  const payloads = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
  const { initialize, handler } = require(module_)
  void (async () => {
    const [count, rssMb] = [Number(requests), []]
    await initialize?.(JSON.parse(context))
    for (let n = 0; n < count; n++) {
      const payload = Buffer.from(payloads[n % payloads.length])
      const answer = await handler(payload, { ...JSON.parse(context), requestId: 'request-' + n })
      if (answer?.statusCode >= 300) throw new Error('answered ' + answer.statusCode)
      if ((n + 1) % Math.ceil(count / 5) === 0 || n + 1 === count) rssMb.push(process.memoryUsage.rss() / 2 ** 20)
    }
    report(rssMb)
  })()`

/** A server says what it used once it is told to end. */
const SERVE = `${REPORT}
  process.once('SIGTERM', () => report())
  require(process.argv[1])`

/** Starts a process that loads a function and has it answer, one request at a time. @throws Error where one fails */
export function invokeFunction({ module, payloads, requests = 1, env }: Invocation): Promise<Invoked> {
  return measured(INVOKE, [module, String(requests), JSON.stringify(CONTEXT)], env, JSON.stringify(payloads))
}

/** What a process uses that does nothing. */
export function bareNode(): Promise<Invoked> {
  return measured(
    `${REPORT}
  report()`,
    [],
    {},
    '',
  )
}

/**
 * Starts a server, asks it once, and ends it.
 * @param module a program that listens on the port that it says in its line
 * @param ask gets the port, and throws where the answer is not the right one
 */
export function askServer(
  module: string,
  env: Readonly<Record<string, string>>,
  ask: (port: number) => Promise<void>,
): Promise<Invoked> {
  return measured(SERVE, [module], env, '', ask)
}

async function measured(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input: string,
  ask?: (port: number) => Promise<void>,
): Promise<Invoked> {
  const started = performance.now()
  const stdio: StdioOptions = ['pipe', ask === undefined ? 'ignore' : 'pipe', 'inherit', 'pipe']
  const child = spawn(process.execPath, ['-e', script, ...args], { env: { ...env }, stdio })
  const ended = once(child, 'close')
  child.stdin?.end(input)
  const used = text(child.stdio[3] as Readable)
  let wallMs: number | undefined
  if (ask !== undefined) {
    const [line] = (await Promise.race([once(child.stdout as Readable, 'data'), ended.then(() => [''])])) as [Buffer]
    await ask(Number(/\d+/.exec(String(line))?.[0]))
    wallMs = performance.now() - started
    child.kill('SIGTERM')
  }
  const said = await used
  wallMs ??= performance.now() - started
  await ended
  if (said === '') throw new Error(`${args[0]} did not answer as it should`)
  return { ...(JSON.parse(said) as Omit<Invoked, 'wallMs'>), wallMs }
}
