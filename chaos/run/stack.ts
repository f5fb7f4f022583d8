import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readEnvFile } from '../../shared/envFile'
import { UserError } from '../../shared/userError'

const PROJECT = path.join(__dirname, '../..')
/** Generous: machines are shared, and a database recovers first. */
const READY_MS = 180_000
const POLL_MS = 50

/** What is to be wrong within the stack's process: see preload/stack.cjs. */
export interface Control {
  shiftMs: number
  throwEvery: number
  hangEvery: number
}

export interface Place {
  localDir: string
  port: number
  /** its eventbridge.yaml */
  config: string
  /** where what it prints is kept */
  log: string
  /** people of the loopback DingTalk */
  people: number
}

export interface ChaosStack {
  origin: string
  /** what its LOCAL_DIR/env says, once it has been ready */
  env(): Readonly<Record<string, string>>
  /** starts it where it does not run, and resolves once it is ready */
  start(faults?: string): Promise<void>
  /** kill -9 */
  kill(): Promise<void>
  /** as Ctrl-C does */
  stop(): Promise<void>
  /** stops it for good: whoever starts it then gets an error */
  close(): Promise<void>
  control(change: Partial<Control>): void
  shiftMs(): number
  /** how often it ended of itself and was started again by whoever looks after it */
  endings(): number
}

/** `npm start` in a process of its own, which is started again when it ends of itself, as somebody at the terminal would. */
export function createStack({ localDir, port, config, log, people }: Place): ChaosStack {
  const controlFile = path.join(path.dirname(config), 'control.json')
  const output = fs.openSync(log, 'a')
  let control: Control = { shiftMs: 0, throwEvery: 0, hangEvery: 0 }
  let child: ChildProcess | undefined
  let isClosed = false
  let endings = 0
  let known: Readonly<Record<string, string>> = {}
  writeControl()

  function writeControl(): void {
    fs.writeFileSync(`${controlFile}.new`, JSON.stringify(control))
    fs.renameSync(`${controlFile}.new`, controlFile)
  }

  function launch(faults: string): ChildProcess {
    if (isClosed) throw new UserError('The run is over.')
    // of one that was killed
    fs.rmSync(path.join(localDir, 'env'), { force: true })
    const isFirst = !fs.existsSync(path.join(localDir, 'dingtalk'))
    const args = ['--config', config, '--dingtalk', ...(isFirst ? [String(people)] : [])]
    fs.writeSync(output, `\n${new Date().toISOString()} starting${faults === '' ? '' : `, with ${faults}`}\n`)
    const started = spawn(
      process.execPath,
      ['--require', './cli/withPackages.cjs', 'cli/start.ts', ...args, ...(faults === '' ? [] : ['--fail', faults])],
      {
        cwd: PROJECT,
        stdio: ['ignore', output, output],
        env: {
          ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LOCAL_DIR: localDir, PORT: String(port) },
          // nothing that the account asks for is forgotten, and no roster is held up by how many it marks
          ...{ TRACE_DAYS: '365', TRACE_MAX_MB: '100000', MAX_LEAVERS: '100%' },
          ...{ NODE_OPTIONS: `--require ${path.join(__dirname, '../preload/stack.cjs')}`, CHAOS_CONTROL: controlFile },
        },
      },
    )
    started.once('exit', () => {
      // nobody asked for it, and it had been ready
      if (child !== started) return
      child = undefined
      fs.writeSync(output, `${new Date().toISOString()} it has ended of itself\n`)
      endings++
      void start(faults).catch(() => {})
    })
    return started
  }

  async function start(faults = ''): Promise<void> {
    const deadline = Date.now() + READY_MS
    child ??= launch(faults)
    while (!fs.existsSync(path.join(localDir, 'env'))) {
      if (Date.now() > deadline) throw new UserError(`The stack does not become ready: see ${log}`)
      await sleep(POLL_MS)
    }
    known = readEnvFile(path.join(localDir, 'env'))
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child
    child = undefined
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return
    const exit = once(ending, 'exit')
    ending.kill(signal)
    await exit
  }

  return {
    origin: `http://127.0.0.1:${port}`,
    env: () => known,
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGINT'),
    close() {
      isClosed = true
      return end('SIGINT')
    },
    control(change) {
      control = { ...control, ...change }
      writeControl()
    },
    shiftMs: () => control.shiftMs,
    endings: () => endings,
  }
}
