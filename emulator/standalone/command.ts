import fs from 'node:fs'
import path from 'node:path'
import type { Environment } from '../../shared/config'
import { errorCode, errorMessage } from '../../shared/errorCode'
import { runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { parseFaults } from '../faults/faults'
import type { State } from '../store/state'
import { openStore } from '../store/store'
import { storeFileIn } from '../store/storeFile'
import type { Retype } from './folder'
import { readAllowedHost, readFunctions } from './options'
import { runStandalone } from './runStandalone'
import { readState, stateText } from './stateText'

const PORT = 8080
const DIR = '.eventbridge-local'

const HELP = `npx eventbridge-local [--config FILE] [--port N] [--dir DIR] [--function NAME=URL …] [--allow-host HOST …] [--fail FAULTS]

Alibaba Cloud EventBridge on this machine: event buses, rules, targets, the APIs that the official SDKs and tools speak, and
an event trace, on one address.

  --config FILE        buses, their rules and targets (eventbridge.yaml); without it there is the bus default, without rules
  --port N             where it listens (${PORT}); 0 for any port that is free
  --dir DIR            the folder that keeps events and what was made by API (${DIR}); its file env has the endpoint
                       and the keys
  --function NAME=URL  where a target's function is: an origin that speaks Function Compute's invoke contract (POST
                       /2023-03-30/functions/NAME/invocations), or a whole address, such as a custom runtime's
                       http://127.0.0.1:9000/invoke
  --seed FILE          events to publish at the start: a JSON array of CloudEvents, one a line, or one alone; a folder gets
                       each of them once, and with --seed-again all of them anew
  --import FILE        begins in an empty folder with what --export wrote; secrets that it left out are the shell's variables
  --export FILE        writes all that the folder keeps into a file, without secrets, and ends
  --allow-host HOST    a host beyond this machine that targets over HTTP may send to
  --fail FAULTS        what goes wrong on purpose: throttle=20%,latency=100ms-2s,reset=1%,partial=5%,hang=1%,error=2%,
                       deliver-fail=5%
  --version            which one this is

A variable in capitals in FILE, such as \${DINGTALK_ROBOT_URL}, is the shell's.
`

const ARGUMENTS = {
  options: {
    config: { type: 'string' },
    port: { type: 'string' },
    dir: { type: 'string' },
    function: { type: 'string', multiple: true },
    'allow-host': { type: 'string', multiple: true },
    fail: { type: 'string' },
    seed: { type: 'string' },
    'seed-again': { type: 'boolean' },
    import: { type: 'string' },
    export: { type: 'string' },
    version: { type: 'boolean' },
  },
} as const

/**
 * The package's command.
 * @param environment the shell's variables
 */
export function command(environment: Environment): Promise<void> {
  return runCommand(HELP, ARGUMENTS, async ({ values }) => {
    if (values.version) return console.log(packageVersion())
    const port = values.port === undefined ? PORT : readPort(values.port)
    const dir = values.dir ?? DIR
    // as where a script's variable is not set: it would be the folder where this is typed
    if (dir === '') throw new UserError('--dir takes a folder: --dir .eventbridge-local')
    if (values.export !== undefined) return exportTo(values.export, path.resolve(dir))
    await runStandalone({
      dir: path.resolve(dir),
      port,
      config:
        values.config === undefined ? undefined : { name: values.config, text: readText(values.config, '--config') },
      variables: environment,
      variablesFrom: 'in the shell',
      functions: readFunctions(values.function ?? []),
      allowedHosts: (values['allow-host'] ?? []).map(readAllowedHost),
      faults: values.fail === undefined ? undefined : parseFaults(values.fail),
      faultsText: values.fail,
      seed: values.seed,
      seedAgain: values['seed-again'],
      state: values.import === undefined ? undefined : importFrom(values.import, environment),
      retype: retypeWith(dir),
    })
  })
}

/** Beside what is bundled, and in the repository one folder higher. */
function packageVersion(): string {
  const folder = [path.join(__dirname, '..'), path.join(__dirname, '../..')].find((other) =>
    fs.existsSync(path.join(other, 'package.json')),
  )
  return JSON.parse(fs.readFileSync(path.join(folder ?? '', 'package.json'), 'utf8')).version
}

function readPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text)
  throw new UserError('--port takes a number from 0 to 65535: --port 8081')
}

function readText(name: string, option: string): string {
  try {
    return fs.readFileSync(name, 'utf8')
  } catch (error) {
    throw new UserError(`${name} cannot be read (${errorCode(error) ?? 'unknown error'}). See ${option}.`)
  }
}

function importFrom(file: string, environment: Environment): State {
  const { state, missing } = readState(readText(file, '--import'), file, environment)
  if (missing.length > 0) {
    console.log(
      `Secrets that the export left out have no value: ${missing.join(', ')}. What needs them fails until then.`,
    )
  }
  return state
}

/** Also while it runs: another process may read its store. */
function exportTo(file: string, dir: string): void {
  const storeFile = storeFileIn(dir)
  if (!fs.existsSync(storeFile)) throw new UserError(`There is nothing in ${dir} to export. See --dir.`)
  const store = openStore(storeFile)
  const partial = `${file}.new`
  try {
    // it holds the events' data
    fs.writeFileSync(partial, stateText(store.readState()), { mode: 0o600 })
    fs.renameSync(partial, file)
  } catch (error) {
    fs.rmSync(partial, { force: true })
    throw new UserError(`${file} cannot be written (${errorCode(error) ?? errorMessage(error)}). See --export.`)
  } finally {
    store.close()
  }
  console.log(`${dir} is exported to ${file}.`)
}

/** The options that are not changed are the user's to repeat. */
function retypeWith(dir: string): Retype {
  return ({ folder, port } = {}) =>
    ['npx eventbridge-local', folder && `--dir ${anotherDir(dir)}`, port !== undefined && `--port ${port}`]
      .filter(Boolean)
      .join(' ')
}

/** Of one within which nothing is, such as `.`, there is none beside it. */
function anotherDir(dir: string): string {
  return path.resolve(dir) === process.cwd() ? DIR : `${dir.replace(/\/+$/, '')}-2`
}
