import fs from 'node:fs'
import path from 'node:path'
import { type CallbackTarget, sendCallback } from '../../local/sender/requests'
import { readCallbackKeys } from '../../local/sender/senderVariables'
import { systemClock } from '../../shared/clock'
import { createExchange } from '../../shared/dingtalk/directory/exchange'
import { errorCode } from '../../shared/errorCode'
import { firstSignal, runCommand } from '../../shared/runCommand'
import { UserError } from '../../shared/userError'
import { localSettings, requireStack, stackEnvironment } from '../localStack'
import { localLogHashKey } from '../logHashKey'
import { createForwarder } from './forward'
import { createInventor } from './record'
import { register } from './register'
import { holdStream } from './stream'
import { streamApp } from './streamApp'

const HELP = `npm run listen [-- --record [FILE]]

Receives the events of a test organisation by DingTalk Stream and passes them on to the webhook of the running local stack,
signed and encrypted as DingTalk's callbacks are: so a machine without a public address sees the real thing. Ctrl-C ends it.

  --record [FILE]  keep what comes, with invented names, ids and times in place of the real ones, an event a line
                   (LOCAL_DIR/recorded-….jsonl); npm run send -- FILE sends them

DINGTALK_APP_KEY and DINGTALK_APP_SECRET (DINGTALK_API_ENDPOINT) come from the shell and .env.local, else from the running
stack, which has those of npm start -- --dingtalk. The app must be one for tests, with its events by Stream: 开发配置 →
事件订阅 → Stream 模式推送. What somebody else receives with the same app is lost here.
`

const ARGUMENTS = {
  options: { record: { type: 'boolean', default: false } },
  // FILE alone
  allowPositionals: true,
} as const

void runCommand(HELP, ARGUMENTS, async ({ values, positionals }) => {
  const app = streamApp(process.env)
  const { url } = target()
  const hashKey = localLogHashKey()
  const record = openRecording(values.record, positionals)
  console.log(`from ${app.endpoint} to ${url.origin}${url.pathname}`)
  const { stopping } = firstSignal()
  const exchange = createExchange(systemClock)
  stopping.addEventListener('abort', () => exchange.close())
  const tell = (line: string) => console.log(`${new Date().toTimeString().slice(0, 8)}  ${line}`)
  const send = (json: string) => sendCallback(target(), json, Date.now())
  try {
    await holdStream(
      {
        register: () => register(app, exchange),
        take: createForwarder({ send, record, tell, hashKey }),
        tell,
        random: Math.random,
        clock: systemClock,
      },
      stopping,
    )
  } finally {
    exchange.close()
  }
})

/** The webhook of the stack that runs now: it may have been started again since the last event. @throws UserError */
function target(): CallbackTarget {
  const url = new URL('/webhook/putEvents', requireStack()['ORIGIN'])
  const keys = readCallbackKeys(stackEnvironment())
  if (keys !== undefined) return { url, keys }
  throw new UserError(
    'Set DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS in .env.local, and restart npm start.',
  )
}

/** @returns what keeps an event, where that is wanted @throws UserError */
function openRecording(isWanted: boolean, words: readonly string[]): ((json: string) => void) | undefined {
  const [word, stray] = isWanted ? words : [undefined, ...words]
  if (stray !== undefined) {
    throw new UserError(`Unexpected argument '${stray}' (--help shows the options; npm hands on those after -- alone)`)
  }
  if (!isWanted) return undefined
  const name = `recorded-${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}.jsonl`
  const file = word ?? path.join(localSettings().localDir, name)
  try {
    // the inventions of another run would not fit to those of this one
    fs.writeFileSync(file, '', { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new UserError(`${file} cannot be made (${errorCode(error)}): name another file.`)
  }
  console.log(`recording to ${file}`)
  const invent = createInventor()
  return (json) => fs.appendFileSync(file, `${invent(json)}\n`)
}
