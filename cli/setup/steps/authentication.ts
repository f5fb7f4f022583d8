import { randomBytes } from 'node:crypto'
import { log } from '@clack/prompts'
import type { Answers } from '../answers'
import { askSecret, askWhich, askYesNo, tell, whileTrying } from '../ask'
import { askVariable, type Question } from '../askVariable'
import { checkApp } from '../checks/app'

const WAYS = {
  WEBHOOK_TOKEN: 'a secret in the URL or a header of connector flows (WEBHOOK_TOKEN)',
  CONNECTOR_API_SECRET: 'the signature of a connector (CONNECTOR_API_SECRET)',
  DINGTALK_TOKEN: 'native callbacks of an app, signed and encrypted (DINGTALK_*)',
} as const
type Way = keyof typeof WAYS

const QUESTIONS: Readonly<Record<Way, readonly Question[]>> = {
  WEBHOOK_TOKEN: [
    {
      name: 'WEBHOOK_TOKEN',
      what: 'at least 16 characters; the flow’s URL ends with ?token=…',
      secret: true,
      make: () => randomBytes(24).toString('hex'),
    },
  ],
  CONNECTOR_API_SECRET: [
    {
      name: 'CONNECTOR_API_SECRET',
      what: 'connector platform → the connector → authentication, “API Secret”',
      secret: true,
    },
  ],
  DINGTALK_TOKEN: [
    {
      name: 'DINGTALK_TOKEN',
      what: '签名 Token: developer console → the app → 事件订阅',
      secret: true,
      make: () => randomBytes(16).toString('hex'),
    },
    { name: 'DINGTALK_AES_KEY', what: '加密 aes_key, beside it: 43 characters', secret: true, make: makeAesKey },
  ],
}
const OWNER_KEYS: Question = {
  name: 'DINGTALK_OWNER_KEYS',
  what: 'the app’s Client ID: developer console → the app → 凭证与基础信息',
}
const CORPORATION: Question = {
  name: 'DINGTALK_CORP_ID',
  what: 'your corpId: developer console, first page; a connector’s events name none',
}

/** Which of the three, then what each takes; those that are not wanted any more are emptied. */
export async function askAuthentication(answers: Answers): Promise<void> {
  const ways = Object.keys(WAYS) as Way[]
  const present = ways.filter((way) => answers.environment()[way] !== undefined)
  const chosen = answers.onlyLacking && present.length > 0 ? present : await askWays(present)
  for (const way of ways) {
    if (!chosen.includes(way)) leaveOut(answers, way)
    else for (const question of QUESTIONS[way]) await askVariable(answers, question)
  }
  if (!chosen.includes('DINGTALK_TOKEN')) return
  await askOwner(answers)
  if (chosen.length > 1) await askVariable(answers, CORPORATION)
}

async function askWays(present: Way[]): Promise<Way[]> {
  for (;;) {
    const chosen = await askWhich(
      'How does the webhook know who calls?',
      WAYS,
      present.length > 0 ? present : ['WEBHOOK_TOKEN'],
    )
    if (chosen.length > 0) return chosen
    if (await askYesNo('Without any, whoever knows the URL can send events. Is that meant?', false)) return chosen
  }
}

function leaveOut(answers: Answers, way: Way): void {
  const names = [...QUESTIONS[way], ...(way === 'DINGTALK_TOKEN' ? [OWNER_KEYS] : [])].map(({ name }) => name)
  for (const name of names) {
    if (answers.inShell(name)) log.warn(`${name}: the shell sets it; unset it there`)
    else if (answers.environment()[name] !== undefined) answers.keep(name, '')
  }
}

/** The Client Secret proves the Client ID, and is not kept: nothing that is deployed needs it. */
async function askOwner(answers: Answers): Promise<void> {
  const isThere = answers.environment()[OWNER_KEYS.name] !== undefined
  for (let again = false; ; again = true) {
    await askVariable(answers, OWNER_KEYS, again)
    if (answers.onlyLacking && isThere) return
    const [owner] = (answers.environment()[OWNER_KEYS.name] ?? '').split(',')
    if (!owner) return
    const secret = await askSecret(
      `Client Secret of ${owner.trim()}, to try the Client ID; it is not kept. Enter goes on without.`,
    )
    if (secret.trim() === '') return
    const link = await whileTrying('asking DingTalk', () => checkApp(owner.trim(), secret.trim()))
    tell([link])
    if (link.state !== 'wrong' || !(await askYesNo('Answer these again?', true))) return
  }
}

/** 32 bytes in base64, without its `=`, and of letters and digits only, as DingTalk wants it. */
function makeAesKey(): string {
  for (;;) {
    const key = randomBytes(32).toString('base64').slice(0, 43)
    if (/^[A-Za-z0-9]+$/.test(key)) return key
  }
}
