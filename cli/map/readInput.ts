import type { MappedForm } from '../../emulator'
import { type Content, parseContent } from '../../functions/webhook/readContent'
import { isSyncPush } from '../../functions/webhook/syncRows'
import { aesKeyOf, decryptCallback } from '../../shared/dingtalk/callbackCrypto'
import { isObject, parseJson } from '../../shared/json'
import { jsonFault } from '../../shared/jsonFault'
import { nativeForm, readFrame } from '../listen/frame'

/** What a text holds: what is posted to the webhook, or what a rule delivers. */
export interface Input {
  form: MappedForm
  /** what the webhook gets, decrypted */
  posted: Content[]
  /** the texts of CloudEvents, or of lists of them */
  delivered: string[]
}

/** The text holds no event that can be read. The message says what to do. */
export class InputFault extends Error {
  override name = 'InputFault' as const
  /** from 1 on */
  readonly place: { line: number; column: number }

  constructor(message: string, place = { line: 1, column: 1 }) {
    super(message)
    this.place = place
  }
}

/**
 * Finds out what a text is that somebody has of an event, however they came by it.
 * @param aesKeys DINGTALK_AES_KEY, which opens encrypted callbacks
 * @throws InputFault; HttpError of what the webhook refuses
 */
export function readInput(text: string, aesKeys: readonly string[]): Input {
  const whole = text.replace(/^\ufeff/, '')
  const json = whole.trim()
  if (json === '') throw new InputFault('holds no event: give it what DingTalk posts, or a CloudEvent, as JSON')
  const value = parseJson(json)
  if (value === undefined) {
    const lines = recordedLines(json)
    if (lines === undefined) {
      const { message, ...place } = jsonFault(whole)
      throw new InputFault(message, place)
    }
    return { form: 'lines', posted: lines.map(parseContent), delivered: [] }
  }
  if (typeof value !== 'object' || value === null)
    throw new InputFault('is no event: an event is an object, or a list of them')
  return readValue(json, value, aesKeys)
}

function readValue(json: string, value: object, aesKeys: readonly string[]): Input {
  const posted = (form: MappedForm, body: string): Input => ({ form, posted: [parseContent(body)], delivered: [] })
  if (Array.isArray(value)) {
    return value.some(isCloudEvent) ? { form: 'cloudevent', posted: [], delivered: [json] } : posted('posted', json)
  }
  if (!isObject(value)) return posted('posted', json)
  if (isCloudEvent(value)) return { form: 'cloudevent', posted: [], delivered: [json] }

  const { encrypt, event, seq, type, headers, body, rawPath, isBase64Encoded } = value
  if (typeof encrypt === 'string') return posted('callback', opened(encrypt, aesKeys))
  // as /trace/events/<seq> has it
  if (typeof event === 'string' && typeof seq === 'number')
    return { form: 'cloudevent', posted: [], delivered: [event] }
  // as npm run events writes it for the webhook
  if (typeof rawPath === 'string' && typeof body === 'string') {
    const text = isBase64Encoded === true ? Buffer.from(body, 'base64').toString('utf8') : body
    const inner = readInput(text, aesKeys)
    return { ...inner, form: inner.form === 'callback' ? 'callback' : 'posted' }
  }
  const frame = type === 'EVENT' && isObject(headers) ? readFrame(json) : undefined
  if (frame !== undefined) return posted('stream', nativeForm(frame))
  return posted(isSyncPush(value) ? 'push' : 'posted', json)
}

/** A text of DingTalk's own has neither. */
function isCloudEvent(value: unknown): boolean {
  if (!isObject(value)) return false
  const { specversion, id, source, data } = value
  return typeof specversion === 'string' || (typeof id === 'string' && typeof source === 'string' && isObject(data))
}

function opened(encrypt: string, aesKeys: readonly string[]): string {
  if (aesKeys.length === 0) {
    throw new InputFault(
      'is an encrypted callback: set DINGTALK_AES_KEY in .env.local to the EncodingAESKey of the app that it is of, or give the event as it is after decryption',
    )
  }
  for (const key of aesKeys) {
    const message = decryptCallback(aesKeyOf(key), encrypt)?.message
    if (message !== undefined) return message
  }
  throw new InputFault(
    'is an encrypted callback that DINGTALK_AES_KEY does not open: it is of another app, or a part of it is missing',
  )
}

/** Of a file that npm run listen -- --record wrote: an event a line. */
function recordedLines(text: string): string[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  return lines.length > 1 && lines.every((line) => isObject(parseJson(line))) ? lines : undefined
}
