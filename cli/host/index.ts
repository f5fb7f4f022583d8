import fs from 'node:fs'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { findCodeProblem } from '../../local/functionHost/checkCode'
import { type ImageSettings, readImageVariables } from '../../local/gateway/imageVariables'
import { startRuntimeImage } from '../../local/gateway/runtimeImage'
import { tellLine } from '../../local/stack/functionLog'
import { plainHeaders } from '../../local/stack/testKeys'
import { firstSignal, runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { isThisMachine, mayBeRealKey } from '../beyondThisMachine'
import { buildFunctions } from '../build/buildFunctions'
import { localSettings, runningStack } from '../localStack'
import { ROOT } from '../project'
import { functionVariables } from './functionVariables'

const HELP = `npm run host -- [--function NAME] [--external] [--port PORT] [--invoke FILE]

Runs one function behind the contract of Function Compute's runtime image, where there is no docker for \`s local\`:
POST /2023-03-30/functions/function/invocations on the loopback interface, one instance, until Ctrl-C.

  --function NAME  a function of s.yaml (dingtalk-webhook, dingtalk-employees), built first; its variables are filled in
                   from the shell, .env.local and the local stack that runs
  --external       allow a MYSQL_HOST or EVENTBRIDGE_ENDPOINT that is not on this machine, or a key of the cloud
  --port PORT      instead of FC_CUSTOM_LISTEN_PORT (9000)
  --invoke FILE    run this one event (- for stdin), print log and result as \`s local invoke -f\` does, and end; the exit
                   code is 1 when the function fails

Without --function the image's variables are read from the shell, and the function sees all that is set there:
FC_FUNC_CODE_PATH, FC_FUNCTION_HANDLER (both needed), FC_FUNCTION_NAME, FC_FUNCTION_MEMORY_SIZE, FC_TIMEOUT,
FC_INITIALIZER_HANDLER, FC_INITIALIZATION_TIMEOUT, FC_REGION, FC_ACCOUNT_ID, FC_CUSTOM_LISTEN_PORT, ALIBABA_CLOUD_*.
`

const ARGUMENTS = {
  options: {
    function: { type: 'string' },
    external: { type: 'boolean', default: false },
    port: { type: 'string' },
    invoke: { type: 'string' },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  if (values.function !== undefined) await buildFunctions()
  else if (!values.external) refuseBeyond(process.env)
  const variables =
    values.function === undefined
      ? withoutNpm(process.env)
      : functionVariables(values.function, ROOT, process.env, values.external)
  const settings = readImageVariables({
    ...variables,
    ...(values.port !== undefined && { FC_CUSTOM_LISTEN_PORT: values.port }),
  })
  refuseBadCode(settings)
  if (values.invoke !== undefined) {
    if (!(await invokeOnce(settings, await readEvent(values.invoke)))) process.exitCode = 1
    return
  }
  const signal = firstSignal()
  const { name } = settings.definition
  const image =
    values.function === undefined
      ? await startRuntimeImage(settings, (line) => console.log(line))
      : await startRuntimeImage({ ...settings, addedHeaders: stackHeaders() }, (line) =>
          console.log(tellLine(name, line)),
        )
  console.log(`${name}: POST ${image.url}  (Ctrl-C stops)`)
  await signal.coming
  await image.stop()
})

function stackHeaders(): Record<string, string> {
  const { localDir, environment } = localSettings()
  return plainHeaders(localDir, runningStack(), environment)
}

/** A shell that has read .env names the cloud. @throws UserError where the function would get there */
function refuseBeyond(shell: NodeJS.ProcessEnv): void {
  const { MYSQL_HOST: database, EVENTBRIDGE_ENDPOINT: endpoint = '', ALIBABA_CLOUD_ACCESS_KEY_ID: keyId = '' } = shell
  const isHere = URL.canParse(endpoint) && isThisMachine(new URL(endpoint).hostname)
  const beyond = [
    ...(database && !isThisMachine(database) ? ['MYSQL_HOST is not on this machine'] : []),
    ...(endpoint && !isHere ? ['EVENTBRIDGE_ENDPOINT is not on this machine'] : []),
    ...(mayBeRealKey(keyId) && !isHere ? ['ALIBABA_CLOUD_ACCESS_KEY_ID may be a key of the cloud'] : []),
  ]
  if (beyond.length > 0) throw new UserError(`${beyond.join(', ')}. Unset that, or add --external if it is meant.`)
}

/** @throws UserError where the folder of the code holds no function of Node.js */
function refuseBadCode({ definition: { bundle, handler, initializer } }: ImageSettings): void {
  const problem = findCodeProblem(path.dirname(bundle), [handler, ...(initializer ? [initializer.handler] : [])])
  if (problem !== undefined) throw new UserError(problem)
}

/** What `npm run` adds is no part of the function's environment. */
function withoutNpm(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !/^npm_/i.test(name)))
}

async function readEvent(file: string): Promise<Buffer<ArrayBuffer>> {
  if (file === '-') return Buffer.from(await buffer(process.stdin))
  try {
    return fs.readFileSync(file)
  } catch {
    throw new UserError(`${file} cannot be read. It must hold the event: npm run events makes some.`)
  }
}

/**
 * Runs one event and prints what came of it as `s local invoke` does: the log, the result, what it took.
 * https://github.com/devsapp/fc3/blob/master/src/subCommands/local/impl/invoke/baseLocalInvoke.ts
 * @returns whether the function succeeded
 */
async function invokeOnce(settings: ImageSettings, event: Uint8Array<ArrayBuffer>): Promise<boolean> {
  // what the function writes comes with the answer
  const image = await startRuntimeImage({ ...settings, port: 0 }, () => {})
  try {
    const headers = {
      'content-type': 'application/octet-stream',
      'x-fc-log-type': 'Tail',
      'x-fc-event-type': 'Default',
    }
    const answer = await fetch(image.url, { method: 'POST', headers, body: event })
    const header = (name: string) => answer.headers.get(name) ?? ''
    console.log(Buffer.from(header('x-fc-log-result'), 'base64').toString())
    console.log(await answer.text())
    const { memoryMb } = settings.definition
    const summary = [
      `RequestId: ${header('x-fc-request-id')}`,
      `Billed Duration: ${header('x-fc-invocation-duration')} ms`,
      `Memory Size: ${memoryMb} MB`,
      `Max Memory Used: ${header('x-fc-max-memory-usage') || '?'} MB`,
    ]
    console.log(`${summary.join('    ')}\n`)
    return !answer.headers.has('x-fc-error-type')
  } finally {
    await image.stop()
  }
}
