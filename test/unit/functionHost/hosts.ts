import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { BroadcastChannel } from 'node:worker_threads'
import type { FunctionDefinition } from '../../../local/functionHost/functionDefinition'
import { createFunctionHost, type FunctionHost } from '../../../local/functionHost/functionHost'
import type { Clock } from '../../../shared/clock'

export interface StartedHost extends FunctionHost {
  /** what the host has logged so far */
  lines: string[]
  /** folder of the bundle */
  folder: string
}

const hosts: StartedHost[] = []

/** A host of a bundle with this source, with time and memory to spare. */
export function startHost(source: string, changes: Partial<FunctionDefinition> = {}, clock?: Clock): StartedHost {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bundle-'))
  const bundle = path.join(folder, 'index.js')
  fs.writeFileSync(bundle, source)
  const lines: string[] = []
  const definition: FunctionDefinition = {
    name: 'tested-function',
    bundle,
    handler: 'index.handler',
    env: {},
    memoryMb: 128,
    timeoutMs: 60_000,
    maxInstances: 1,
    context: { region: 'cn-hangzhou', accountId: '123456789012' },
    ...changes,
  }
  const host = { ...createFunctionHost(definition, (line) => lines.push(line), clock), lines, folder }
  hosts.push(host)
  return host
}

/** For afterEach or afterAll. */
export async function stopHosts(): Promise<void> {
  for (const { stop, folder } of hosts.splice(0)) {
    await stop()
    fs.rmSync(folder, { recursive: true })
  }
}

/** A bundle whose handler says that it has started and returns once it is let go; the event is the gate's name. */
export const GATED = `
  const { BroadcastChannel } = require('node:worker_threads')
  exports.handler = async (event) => {
    const channel = new BroadcastChannel(event.toString())
    await new Promise((resolve) => {
      channel.onmessage = resolve
      channel.postMessage('started')
    })
    channel.close()
    return process.env.FC_INSTANCE_ID
  }`

/** The test's side of GATED. Make it before the request. */
export function createGate(name: string): { started: Promise<unknown>; open(): void } {
  const channel = new BroadcastChannel(name)
  const started = new Promise((resolve) => {
    channel.onmessage = resolve
  })
  return {
    started,
    open() {
      channel.postMessage('go')
      channel.close()
    },
  }
}
