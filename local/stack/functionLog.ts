import fs from 'node:fs'
import { jsonFields } from '../../shared/json'

/** A file that has grown beyond this gives way to a new one, and replaces the one that did so before. */
const MAX_BYTES = 10 * 1024 ** 2

export interface FunctionLog {
  write(line: string): void
  close(): void
}

/** In LOCAL_DIR. */
export const FUNCTION_LOG = 'functions.log'

/**
 * Keeps what the functions write as they write it, for whoever has a program look at it: LOCAL_DIR/functions.log.
 * @param app DINGTALK_APP_KEY: a line says whose organisation the walks are about that follow, since the file outlives it
 */
export function openFunctionLog(file: string, app?: string): FunctionLog {
  let open = fs.openSync(file, 'a', 0o600)
  let bytes = fs.fstatSync(open).size
  let isOpen = true
  const begin = app && `${JSON.stringify({ level: 'info', outcome: 'app', app })}\n`
  if (begin) append(begin)

  function giveWay(): void {
    // beside its name and then given it: where there is no room for another, it goes on in this one
    const next = fs.openSync(`${file}.new`, 'w', 0o600)
    fs.renameSync(file, `${file}.1`)
    fs.renameSync(`${file}.new`, file)
    fs.closeSync(open)
    open = next
    bytes = 0
    if (begin) append(begin)
  }

  /** Whole or not at all: what is cut off would spoil the line after it, too. */
  function append(text: string): void {
    const written = fs.writeSync(open, text)
    if (written < Buffer.byteLength(text)) fs.ftruncateSync(open, bytes)
    else bytes += written
  }

  return {
    write(line) {
      if (!isOpen) return
      try {
        if (bytes > MAX_BYTES) giveWay()
        append(`${line}\n`)
      } catch {
        // a full disk: the terminal has the line, and the stack goes on
      }
    },
    close() {
      isOpen = false
      fs.closeSync(open)
    },
  }
}

/** How fields are called whose name says too little. */
const NAMES: Readonly<Record<string, string>> = { badValues: 'columns left out:', kind: 'as' }

type Fields = Readonly<Record<string, unknown>>

/** How a line says what came of a request, by `outcome`; what else it has follows by name. */
const OUTCOMES: Readonly<Record<string, (fields: Fields) => string>> = {
  published: ({ type }) => `${type ?? 'an event'} published`,
  answered: ({ type }) => `${type ?? 'a request'} answered, nothing published`,
  refused: ({ status, code }) => `refused with ${status} ${code ?? ''}`,
  set_aside: ({ code }) => `rows that can never be published set aside: ${code}`,
  open: () => 'open',
  bad_configuration: () => 'bad configuration',
  done: (fields) => {
    if (fields['maintenance'] !== undefined) return `${fields['maintenance']} done`
    // of enrich, which stores nothing
    return fields['found'] === undefined ? tellCounts(fields) : tellFound(fields)
  },
  walked: tellWalk,
  withheld: (fields) => `${tellWalk(fields)}; nobody is marked as left: ${fields['withheld']}`,
  walked_since: () => 'a walk that began later has seen what changed',
  failed_pushes: ({ events }) => `${events} events that DingTalk could not deliver`,
  no_leave_records: ({ code }) => `no list of leavers: ${code}`,
  brake: ({ leavers, range, most }) =>
    `roster stopped: it would mark ${leavers} of ${range} as left, and no more than ${most} may be`,
  failed: ({ maintenance, code }) => `${maintenance ?? 'not stored, delivered again later'}: ${code ?? 'failed'}`,
  enrich_failed: ({ code }) => `not read, delivered again later: ${code ?? 'failed'}`,
  reconcile_failed: ({ code }) => `not done: ${code ?? 'failed'}`,
}

/** Said already, or of no use to a person. */
const LEFT_OUT = new Set([
  ...[
    'level',
    'outcome',
    'requestId',
    'traceparent',
    'type',
    'status',
    'code',
    'maintenance',
    'eventId',
    'detail',
    'ms',
  ],
  ...['received', 'stored', 'ignored', 'deadLettered', 'leavers', 'range', 'most'],
  ...['found', 'gone', 'outOfScope', 'refused', 'later'],
  ...['people', 'departments', 'withheld', 'shortfall', 'rosters', 'events', 'pages', 'unreadable'],
])

/** By it the lines about the doctor's probes are known, of which many are meant to be refused. */
export const DOCTOR_TRACE = `00-${Buffer.from('npm run doctor! ').toString('hex')}-${Buffer.from('doctor! ').toString('hex')}-00`

/**
 * A line of a function as a person reads it at the terminal: in the cloud it is JSON, for the log service. Lines that
 * are not in the form of shared/logging.ts stay as they are.
 * @param name the function's, in s.yaml
 */
export function tellLine(name: string, line: string): string {
  const fields = jsonFields(line)
  const { level, outcome, detail, eventId, ms } = fields
  const who = name.replace(/^dingtalk-/, '')
  const say = OUTCOMES[String(outcome)]
  const isProbe = fields['traceparent'] === DOCTOR_TRACE
  if (typeof level !== 'string' || say === undefined) return `${who}: ${line}`
  const others = Object.entries(fields).filter(([field]) => !LEFT_OUT.has(field))
  return [
    `${who}${isProbe ? ', asked by npm run doctor' : level === 'error' ? ' error' : ''}: ${say(fields).trim()}`,
    ...(detail === undefined ? [] : [`: ${detail}`]),
    ...(eventId === undefined ? [] : [`, event ${eventId}`]),
    ...others.map(([field, value]) => `, ${NAMES[field] ?? field} ${value}`),
    ...(ms === undefined ? [] : [` (${ms} ms)`]),
  ]
    .join('')
    .replace(/\p{Cc}+/gu, ' ')
}

function tellCounts({ stored, ignored, deadLettered }: Fields): string {
  const counts = [
    [stored, 'stored'],
    [ignored, 'ignored'],
    [deadLettered, 'set aside in dead_letters'],
  ] as const
  return listCounts(counts) || 'nothing to store'
}

function tellFound({ found, gone, outOfScope, refused, later }: Fields): string {
  const counts = [
    [found, 'found'],
    [gone, 'gone'],
    [outOfScope, 'out of scope'],
    [refused, 'refused'],
    [later, 'left for later'],
  ] as const
  return listCounts(counts) || 'nobody to ask about'
}

function tellWalk({ people, departments, leavers, outOfScope, unreadable, shortfall }: Fields): string {
  const others = [
    [leavers, 'leavers'],
    [outOfScope, 'out of scope'],
    [unreadable, 'calls could not be read'],
    [shortfall, 'fewer than DingTalk counts'],
  ] as const
  return [`walked ${people} people in ${departments} departments`, listCounts(others)].filter(Boolean).join(', ')
}

/** Those that are none are left out. */
function listCounts(counts: readonly (readonly [unknown, string])[]): string {
  return counts.flatMap(([count, word]) => (Number(count) > 0 ? [`${count} ${word}`] : [])).join(', ')
}
