import type { Message } from '../../local/sender/messages'
import { isLosslessObject, parseLossless } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { readText } from '../readText'
import type { SendArguments } from './planSending'

/** Whether the words name a file of events: of one a line, as `npm run listen -- --record` writes it, or of one alone. */
export function namesRecording(words: readonly string[]): boolean {
  return words.length === 1 && /\.jsonl?$/.test(words[0] ?? '')
}

/**
 * The events of a file, as they are, in the form of a native callback.
 * @param args what says something of other events, and not of these
 * @throws UserError
 */
export function readRecording(file: string, { to: _, yes: __, list: ___, ...args }: SendArguments & Others): Message[] {
  const stray = Object.keys(args).map((name) => `--${name}`)
  if (stray.length > 0) throw new UserError(`The events of a file are sent as they are: leave out ${stray.join(', ')}.`)
  const text = readText(file)
  if (file.endsWith('.json'))
    return [readEvent(text, file, 'The file is one event; several go into a .jsonl, one a line.')]
  const lines = text.split('\n')
  const messages = lines.flatMap((line, at) =>
    line.trim() === '' ? [] : [readEvent(line, `${file}, line ${at + 1}`, A_LINE)],
  )
  if (messages.length === 0) throw new UserError(`${file} holds no event.`)
  return messages
}

interface Others {
  to?: string
  yes?: boolean
  list?: boolean
}

const A_LINE = 'A line is an event, as npm run listen -- --record writes it.'

function readEvent(json: string, place: string, what: string): Message {
  let event: unknown
  try {
    event = parseLossless(json)
  } catch {
    // the parser's words quote the text
  }
  if (isLosslessObject(event)) return event
  throw new UserError(`${place}: is no JSON object. ${what}`)
}
