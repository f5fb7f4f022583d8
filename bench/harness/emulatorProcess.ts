import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { type Running, resultOf, startProcess, usageOf } from './measure'

const project = path.join(__dirname, '../..')
const peer = (name: string) => path.join(__dirname, '../peers', name)
const env = { PATH: process.env['PATH'], NODE_PATH: path.join(project, 'node_modules') }

/** The package's command, built as for npm. @returns its file */
export async function buildCommand(folder: string): Promise<string> {
  const dist = path.join(folder, 'eventbridge-local', 'dist')
  if (!fs.existsSync(dist)) {
    const args = ['--require', './cli/withPackages.cjs', 'emulator/build.ts', dist]
    await promisify(execFile)(process.execPath, args, { cwd: project })
  }
  return path.join(dist, 'bin.js')
}

/** With the bus default and these rules, none of which takes what putEvents.mjs publishes. */
export async function startEmulator(command: string, folder: string, rules: number): Promise<Running> {
  fs.mkdirSync(folder, { recursive: true })
  const config = path.join(folder, 'eventbridge.yaml')
  const rule = (n: number) => `  - RuleName: rule-${n}
    FilterPattern: { source: [my.dingtalk], data: { body: { syncAction: [action_${n}] } } }
    Targets:
      - Id: queue
        Type: acs.mns.queue
        Endpoint: acs:mns:cn-hangzhou:123456789012:queues/q
        PushRetryStrategy: EXPONENTIAL_DECAY_RETRY
        ErrorsTolerance: ALL
        ParamList: [{ ResourceKey: queue, Form: CONSTANT, Value: q }, { ResourceKey: Body, Form: ORIGINAL }]`
  const text = Array.from({ length: rules }, (_, n) => rule(n)).join('\n')
  fs.writeFileSync(config, `EventBusName: default\nRules:${text === '' ? ' []' : `\n${text}`}\n`)
  const args = [command, '--port', '0', '--config', config, '--dir', path.join(folder, 'kept')]
  return startProcess(process.execPath, args, /Ready in .*event trace: (\S+)/, { env })
}

/** Takes events over HTTP and has them on disk when it answers, and nothing besides. */
export async function startBareServer(folder: string): Promise<Running> {
  fs.mkdirSync(folder, { recursive: true })
  return startProcess(process.execPath, [peer('bareServer.mjs'), path.join(folder, 'bare.db')], /Ready: (\S+)/, { env })
}

export interface Published {
  eventsPerS: number
  /** of the server */
  cpuMsPerEvent: number
  p50: number
  p99: number
}

/** @throws Error where one was refused */
export async function publish(
  { ready, pid }: Running,
  { events, connections = 20, batch = 1 }: { events: number; connections?: number; batch?: number },
): Promise<Published> {
  const before = usageOf(pid).cpuMs
  const url = `${(ready[1] ?? '').replace(/\/$/, '')}/openapi/putEvents`
  const done = await resultOf<{ events: number; seconds: number; p50: number; p99: number; failed: number }>(
    path.join(__dirname, 'putEvents.mjs'),
    [url, 'default', String(events), String(connections), String(batch)],
  )
  if (done.failed > 0) throw new Error(`${url} refused ${done.failed}`)
  const cpuMsPerEvent = (usageOf(pid).cpuMs - before) / done.events
  return { eventsPerS: done.events / done.seconds, cpuMsPerEvent, p50: done.p50, p99: done.p99 }
}
