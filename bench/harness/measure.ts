import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { promisify } from 'node:util'

/** The middle one, or the upper one of both. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN
}

/** The value below which a part of them lies, such as 0.99. */
export function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
}

/**
 * How a figure grows with a size: 1 is in step with it, 0 not at all; the slope of the line through their logarithms.
 * @param points size and figure
 */
export function exponentOf(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([size, figure]) => [Math.log(size), Math.log(figure)] as const)
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(logs.map(([size]) => size)), mean(logs.map(([, figure]) => figure))]
  const across = logs.reduce((sum, [size, figure]) => sum + (size - x) * (figure - y), 0)
  return across / logs.reduce((sum, [size]) => sum + (size - x) ** 2, 0)
}

/** What a process has used so far: CPU of all its threads, and the most memory that it ever held. Linux tells. */
export interface Usage {
  cpuMs: number
  rssMb: number
  peakRssMb: number
}

/** Linux counts CPU in ticks of 10 ms: measure over a second or more. */
const MS_A_TICK = 10

/** @throws Error where the process has ended, or the system is not Linux */
export function usageOf(pid: number): Usage {
  const fields = fs
    .readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_A_TICK,
    rssMb: megabytes('VmRSS'),
    peakRssMb: megabytes('VmHWM'),
  }
}

/** Forgets what a process held before: the peak is that of what comes now. */
export function resetPeak(pid: number): void {
  fs.writeFileSync(`/proc/${pid}/clear_refs`, '5')
}

/** What was started and has not ended. */
const started = new Set<ChildProcess>()

/** @returns the child, which `endAll` ends */
export function watched<T extends ChildProcess>(child: T): T {
  started.add(child)
  child.once('close', () => started.delete(child))
  return child
}

/** Ends what a topic has left that failed: it would hold the bench, or outlive it. */
export function endAll(): void {
  for (const child of started) child.kill('SIGKILL')
}

export interface Running {
  child: ChildProcess
  pid: number
  /** what its line said that says it is ready */
  ready: RegExpExecArray
  /** from its start to that line */
  readyMs: number
  stop(): Promise<void>
}

/**
 * Starts a program and waits for the line by which it says that it is ready.
 * @throws Error with what it said, where it ends before that
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  ready: RegExp,
  options: SpawnOptions = {},
): Promise<Running> {
  const began = performance.now()
  const child = watched(spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }))
  const ended = once(child, 'close')
  let said = ''
  const found = new Promise<RegExpExecArray>((resolve, reject) => {
    const take = (text: Buffer) => {
      // nothing is kept of what it says later
      if (said.length < 64 * 1024) said += text
      const match = ready.exec(said)
      if (match) resolve(match)
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('error', reject)
    ended.then(() => reject(new Error(`${command} ${args.join(' ')} ended: ${said}`)), reject)
  })
  const match = await found
  return {
    child,
    pid: child.pid ?? 0,
    ready: match,
    readyMs: performance.now() - began,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The result of a script that prints JSON, in a process of its own. @throws Error with what it said */
export async function resultOf<T>(script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], {
    env: { PATH: process.env['PATH'], ...env },
  })
  return JSON.parse(stdout) as T
}
