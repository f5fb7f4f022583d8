import fs from 'node:fs'
import path from 'node:path'
import { LOCAL_ACCOUNT } from '../../../local/project/account'
import type { DeployedFunction } from '../../../local/project/serverlessFile'
import { createFunctions, type Functions } from '../../../local/stack/functions'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'
import { createGate, GATED } from '../functionHost/hosts'

const projectDir = temporaryFolder()
const WEBHOOK = 'exports.handler = async () => ({ statusCode: 405 })'
const TARGET = 'exports.handler = async () => ({})'
const BROKEN = `exports.handler = async () => { throw new Error('NAME: is not set') }`
let running: Functions | undefined

afterEach(async () => {
  for (const host of running?.hosts.values() ?? []) await host.stop(0)
})

/** Functions of these sources, by their names without `dingtalk-`. */
function functionsOf(sources: Record<string, string>, change: Partial<DeployedFunction> = {}): Functions {
  const deployed = Object.entries(sources).map(([name, source]) => {
    const code = `dist/${name}`
    fs.mkdirSync(path.join(projectDir, code), { recursive: true })
    fs.writeFileSync(path.join(projectDir, code, 'index.js'), source)
    const functionName = `dingtalk-${name}`
    const size = { memorySize: 128, timeout: 60 }
    return { functionName, handler: 'index.handler', code, ...size, environmentVariables: {}, ...change }
  })
  const withPlaces = (problems: string) => `(placed) ${problems}`
  running = createFunctions(deployed, { projectDir, account: LOCAL_ACCOUNT, log: () => {}, withPlaces })
  return running
}

test.each<[string, Record<string, string>, RegExp]>([
  [
    'the employees function',
    { employees: BROKEN },
    /^The employees function cannot start\. \(placed\) NAME: is not set$/,
  ],
  ['enrich', { enrich: BROKEN }, /^The enrich function cannot start\. \(placed\) NAME: is not set$/],
])('%s that answers nothing does not start, and why is said', async (_, broken, message) => {
  const { check } = functionsOf({ webhook: WEBHOOK, employees: TARGET, ...broken })
  await expect(check()).rejects.toThrow(message)
})

test.each<[string, Record<string, string>]>([
  ['neither enrich nor reconcile', {}],
  // a call would be a walk
  ['a reconcile that fails', { enrich: TARGET, reconcile: BROKEN }],
])('with %s the stack starts', async (_, more) => {
  await expect(functionsOf({ webhook: WEBHOOK, employees: TARGET, ...more }).check()).resolves.toBeUndefined()
})

test.each<[string, DeployedFunction['concurrencyConfig'], number]>([
  ['1 in s.yaml', { reservedConcurrency: 1 }, 1],
  ['2 in s.yaml', { reservedConcurrency: 2 }, 2],
  ['10 in s.yaml', { reservedConcurrency: 10 }, 4],
  ['none in s.yaml', undefined, 4],
])('reservedConcurrency of %s: so many instances, and at most four', async (title, concurrencyConfig, expected) => {
  const sources = { webhook: GATED, employees: TARGET }
  const { webhook } = functionsOf(sources, concurrencyConfig && { concurrencyConfig })
  const gates = Array.from({ length: 6 }, (_, at) => ({ name: `${title} ${at}`, ...createGate(`${title} ${at}`) }))
  let started = 0
  for (const gate of gates) void gate.started.then(() => started++)
  const results = gates.map(({ name }) => webhook.invoke(Buffer.from(name), name))
  await waitFor(() => started === expected)
  expect(webhook.instances()).toBe(expected)
  for (const gate of gates) {
    await gate.started
    gate.open()
  }
  const instances = await Promise.all(results)
  expect(new Set(instances.map(({ body }) => body.toString())).size).toBe(expected)
})
