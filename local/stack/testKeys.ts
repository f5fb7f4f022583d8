import { randomBytes, randomInt } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { type Environment, setVariables } from '../../shared/config'
import { readEnvFile, writeEnvFile } from '../../shared/envFile'
import { isLoopbackHost } from '../../shared/isLoopbackHost'
import { readCorpId } from '../sender/senderVariables'

const CALLBACK_KEYS = ['DINGTALK_TOKEN', 'DINGTALK_AES_KEY', 'DINGTALK_OWNER_KEYS']
const AUTHENTICATIONS = [...CALLBACK_KEYS, 'WEBHOOK_TOKEN', 'CONNECTOR_API_SECRET']

/** What commands have to know of a stack: what proves a request, whom it is about, how the log names people. */
const KEYS = [...AUTHENTICATIONS, 'DINGTALK_CORP_ID', 'LOG_HASH_KEY']

/** Those of them that are set: of a stack, the user's own as well as the test keys. */
export function keysOf(environment: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(setVariables(environment)).filter(([name]) => KEYS.includes(name)))
}

/** What a stack whose user has set no keys gives its functions, so that every event can be sent to it at once. */
export interface TestKeys {
  /** for the functions */
  variables: Readonly<Record<string, string>>
  /** what the gateway puts into every request */
  plainHeaders: Readonly<Record<string, string>>
}

const NONE: TestKeys = { variables: {}, plainHeaders: {} }

/**
 * The test keys of this stack: made at its first start, kept in its folder, and no secret.
 * @param environment the user's variables: where they name keys for callbacks, or lead to another machine, there are none
 */
export function testKeys(localDir: string, environment: Environment): TestKeys {
  const kept = readOrMake(keysFile(localDir))
  const own = ownAuthentications(environment, kept)
  if (leadsElsewhere(environment) || own.some((name) => CALLBACK_KEYS.includes(name))) return NONE
  const { WEBHOOK_TOKEN, ...callbackKeys } = kept
  // of one employee an encrypted event and a plain one, which names no corporation, make one row
  const variables = { ...callbackKeys, ...corpIdFor(environment) }
  return {
    variables: own.length > 0 || WEBHOOK_TOKEN === undefined ? variables : { ...variables, WEBHOOK_TOKEN },
    plainHeaders: headersFor(kept, environment),
  }
}

/** Whoever has the key of an app is to say whose it is: of an invented corporation it could tell nothing. */
function corpIdFor(environment: Environment): Record<string, string> {
  const { DINGTALK_APP_KEY, DINGTALK_CORP_ID } = environment
  return DINGTALK_APP_KEY && !DINGTALK_CORP_ID ? {} : { DINGTALK_CORP_ID: readCorpId(environment) }
}

/**
 * What headersFor gives of a stack that runs.
 * @param stack its variables, among which are its user's own keys
 */
export function plainHeaders(localDir: string, stack: Environment, environment: Environment): Record<string, string> {
  const file = keysFile(localDir)
  const kept = fs.existsSync(file) ? readEnvFile(file) : {}
  if (!stack['WEBHOOK_TOKEN'] || ownAuthentications(stack, kept).length > 0) return {}
  return headersFor(kept, environment)
}

/**
 * What proves a plain request, by a header that is put in before the function: where the user has set no authentication,
 * whoever reaches the port may send, though the webhook, which is the one that is deployed, asks for a token once it has
 * keys for callbacks.
 * @returns none where a sender must prove itself: one that comes through a tunnel, too, of which a request need not tell
 */
function headersFor(kept: Environment, environment: Environment): Record<string, string> {
  const { WEBHOOK_TOKEN } = kept
  const isLocked = ownAuthentications(environment, kept).length > 0
  if (!WEBHOOK_TOKEN || isLocked || environment['PUBLIC_ORIGIN']) return {}
  return { authorization: `Bearer ${WEBHOOK_TOKEN}` }
}

/**
 * The authentications that the user has set. A shell that has read LOCAL_DIR/env of a stack without any, as the documents
 * show, has set none.
 * @param kept the test keys
 */
function ownAuthentications(environment: Environment, kept: Environment): string[] {
  const set = setVariables(environment)
  return AUTHENTICATIONS.filter((name) => set[name] !== undefined && set[name] !== kept[name])
}

/** What the person at the terminal is told of them. */
export function tellTestKeys({ variables, plainHeaders }: TestKeys): string[] {
  const keys = CALLBACK_KEYS.flatMap((name) => (variables[name] === undefined ? [] : [`${name}=${variables[name]}`]))
  if (keys.length === 0) return []
  const isOpen = Object.keys(plainHeaders).length > 0
  return [
    ...(isOpen ? ['plain events need no token here (set WEBHOOK_TOKEN to ask for one)'] : []),
    ...(!isOpen && variables['WEBHOOK_TOKEN'] !== undefined
      ? ['plain events need the WEBHOOK_TOKEN of LOCAL_DIR/env, since PUBLIC_ORIGIN lets others reach the webhook']
      : []),
    `encrypted events: npm run send -- user_add_org --encrypted, with test keys of this stack: ${keys.join(' ')}`,
  ]
}

function leadsElsewhere({ EVENTBRIDGE_ENDPOINT = '', MYSQL_HOST = '' }: Environment): boolean {
  const hosts = [URL.canParse(EVENTBRIDGE_ENDPOINT) ? new URL(EVENTBRIDGE_ENDPOINT).hostname : '', MYSQL_HOST.trim()]
  return hosts.some((host) => host !== '' && !isLoopbackHost(host))
}

function keysFile(localDir: string): string {
  return path.join(localDir, 'test-keys')
}

function readOrMake(file: string): Record<string, string> {
  const kept = fs.existsSync(file) ? readEnvFile(file) : {}
  if ([...CALLBACK_KEYS, 'WEBHOOK_TOKEN'].every((name) => kept[name])) return kept
  const made = {
    DINGTALK_TOKEN: randomLetters(16),
    DINGTALK_AES_KEY: randomLetters(43),
    DINGTALK_OWNER_KEYS: 'dinglocalstack',
    WEBHOOK_TOKEN: randomBytes(16).toString('hex'),
  }
  writeEnvFile(file, made)
  return made
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** As DingTalk's page makes them. */
function randomLetters(length: number): string {
  return Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}
