import fs from 'node:fs'
import type { Message } from '../../local/sender/messages'
import { errorCode } from '../../shared/errorCode'
import { isLosslessObject, parseLossless } from '../../shared/json'
import { UserError } from '../../shared/userError'
import type { SendArguments } from './planSending'

/** Whether the words name a file of events, as `npm run listen -- --record` writes it. */
export function namesRecording(words: readonly string[]): boolean {
  return words.length === 1 && words[0]?.endsWith('.jsonl') === true
}

/**
 * The events of a recording, as they are, in the form of a native callback.
 * @param args what says something of other events, and not of these
 * @throws UserError
 */
export function readRecording(file: string, { to: _, yes: __, list: ___, ...args }: SendArguments & Others): Message[] {
  const stray = Object.keys(args).map((name) => `--${name}`)
  if (stray.length > 0) throw new UserError(`The events of a file are sent as they are: leave out ${stray.join(', ')}.`)
  const lines = readText(file).split('\n')
  const messages = lines.flatMap((line, at) => (line.trim() === '' ? [] : [readLine(line, `${file}, line ${at + 1}`)]))
  if (messages.length === 0) throw new UserError(`${file} holds no event.`)
  return messages
}

interface Others {
  to?: string
  yes?: boolean
  list?: boolean
}

function readText(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError(`${file} cannot be read (${errorCode(error)}).`)
  }
}

function readLine(line: string, place: string): Message {
  let event: unknown
  try {
    event = parseLossless(line)
  } catch {
    // the parser's words quote the line
  }
  if (isLosslessObject(event)) return event
  throw new UserError(`${place}: is no JSON object. A line is an event, as npm run listen -- --record writes it.`)
}
