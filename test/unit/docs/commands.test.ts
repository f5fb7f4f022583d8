import fs from 'node:fs'
import path from 'node:path'
import { allDocuments, commandsOf, PROJECT } from '../../support/documents'
import { runCli } from '../../support/stackProcess'

const scripts = (JSON.parse(fs.readFileSync(path.join(PROJECT, 'package.json'), 'utf8')) as PackageFile).scripts
interface PackageFile {
  scripts: Record<string, string>
}

const commands = [...new Set(allDocuments().flatMap(commandsOf))]

describe('npm', () => {
  const npm = commands.filter((command) => /^npm (run|start|test|cit|ci)\b/.test(command))

  test.each(npm.map((command) => [command]))('%s', async (command) => {
    const [, verb = '', name = verb] = /^npm (\w+)(?: ([\w:]+))?/.exec(command) ?? []
    if (verb === 'ci' || verb === 'cit') return
    const script = verb === 'run' ? name : verb
    expect(Object.keys(scripts)).toContain(script)
    const file = /cli\/(\w+)\.ts/.exec(scripts[script] ?? '')?.[1]
    const flags = command.match(/--[a-z][\w-]*/g) ?? []
    if (file === undefined || flags.length === 0) return
    const help = await helpOf(file)
    expect(flags.filter((flag) => flag !== '--' && !help.includes(flag))).toEqual([])
  })
})

const helps = new Map<string, Promise<string>>()
function helpOf(file: string): Promise<string> {
  const known = helps.get(file) ?? runCli(file, ['--help'], {}).then(({ output }) => output)
  helps.set(file, known)
  return known
}

/** What needs Serverless Devs and an account: not run here, so at least nothing else is written by accident. */
// The resource goes before the command: `s invoke employees` would invoke both functions (tried with the CLI 3.1.10).
const SERVERLESS_DEVS = [
  /^s (deploy( -y)?( --output-file \/dev\/null)?|plan|info|remove|config add|config delete -a default|local)$/,
  /^s (secret|webhook info|set (log|analysis) disable)$/,
  /^s (webhook|employees|reconcile|accounts) (invoke( --invocation-type async)?|local invoke)( -[ef] .+)?$/,
  /^s (enrich|reconcile) remove$/,
  /^s (webhook local|local) (start|invoke)$/,
]

test.each(commands.filter((command) => command.startsWith('s ')).map((command) => [command]))('%s', (command) => {
  expect(SERVERLESS_DEVS.some((form) => form.test(command))).toBe(true)
  const file = /-f (\S+)/.exec(command)?.[1]
  if (file !== undefined) expect(file).toMatch(/^events\/[\w-]+\.json$/)
  const event = /-e '(.+)'/.exec(command)?.[1]
  if (event !== undefined) expect(() => JSON.parse(event.replace('<userId>', 'x'))).not.toThrow()
})
