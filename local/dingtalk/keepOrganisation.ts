import { createHash, randomBytes, randomInt } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { errorCode } from '../../shared/errorCode'
import { jsonFields, parseJson } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { inventOrganisation } from './inventOrganisation'
import type { Change, Organisation } from './organisation'

/** A callback that DingTalk has given up. */
export interface FailedCallback {
  eventType: string
  eventTime: number
  /** the JSON text that was pushed */
  event: string
  /** when the list of failed callbacks begins to show it, in milliseconds since 1970 */
  from: number
}

/** An organisation that survives a restart. */
export interface KeptOrganisation {
  organisation: Organisation
  appKey: string
  appSecret: string
  /** whether it was there before */
  isOld: boolean
  /** whether there was another one before */
  isOther: boolean
  /** callbacks that failed, by when they are shown */
  failed: readonly FailedCallback[]
  /** Applies changes, and keeps them: all of them, or none. @throws NotKept */
  change(changes: readonly Change[]): void
  /** What cannot be kept, as on a full disk, is kept once it can. */
  fail(callback: FailedCallback): void
  /** Forgets the first so many of those that failed. */
  forgetFailed(count: number): void
  close(): void
}

/** Raised when what is kept is written in another way. */
const FORMAT = 1

const head = z.object({
  format: z.literal(FORMAT),
  people: z.number(),
  seed: z.number(),
  madeAt: z.number(),
  /** of the ids that were made */
  fingerprint: z.string(),
  appKey: z.string(),
  appSecret: z.string(),
})
type Head = z.infer<typeof head>

/** Nothing has changed: what is said of it names the folder. */
export class NotKept extends Error {
  override name = 'NotKept' as const
}

type Line = Change | { failed: FailedCallback } | { forgotten: number }

/**
 * Opens the organisation of a folder. It is kept as what it was made from and every change since, so that neither a start
 * nor a change writes 100,000 people.
 * @param people undefined takes the organisation that is there, or makes one of the default size; another number than
 *   that of the one that is there makes a new one
 * @param now milliseconds since 1970
 * @throws UserError when the folder cannot be used
 */
export function keepOrganisation(
  folder: string,
  people: number | undefined,
  now: number,
  seed?: number,
): KeptOrganisation {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const headFile = path.join(folder, 'organisation.json')
  const changesFile = path.join(folder, 'changes.jsonl')
  const wasOne = fs.existsSync(headFile)
  const old = readHead(headFile)
  const known = old !== undefined && (people === undefined || people === old.people) ? remake(old) : undefined
  const { made, organisation } = known ?? makeNew(people ?? old?.people ?? DEFAULT_PEOPLE, now, seed)
  if (known === undefined) {
    // the changes first: those of another organisation must not be applied to this one
    fs.rmSync(changesFile, { force: true })
    writeWhole(headFile, JSON.stringify(made, undefined, 2))
  }
  const failed: FailedCallback[] = []
  for (const line of readLines(changesFile)) take(line)
  const file = fs.openSync(changesFile, 'a', 0o600)
  let bytes = fs.fstatSync(file).size
  /** what has happened and could not be kept */
  let unwritten = ''

  function take(line: Line): void {
    if ('failed' in line) {
      // by when they are shown, so that those that were shown are the first
      const at = failed.findLastIndex(({ from }) => from <= line.failed.from)
      failed.splice(at + 1, 0, line.failed)
    } else if ('forgotten' in line) failed.splice(0, line.forgotten)
    else organisation.apply(line)
  }

  function keep(lines: readonly Line[]): void {
    const text = unwritten + textOf(lines)
    try {
      append(text)
    } catch (error) {
      throw new NotKept(
        `The organisation cannot be kept (${errorCode(error)}): make room in ${folder}, which has to be writable. Nothing was changed; try again.`,
      )
    }
    unwritten = ''
    for (const line of lines) take(line)
  }

  /** Whole or not at all: a line that is cut off would be no line with the next one. */
  function append(text: string): void {
    const written = Buffer.from(text)
    try {
      for (let at = 0; at < written.length; ) at += fs.writeSync(file, written, at)
      bytes += written.length
    } catch (error) {
      fs.ftruncateSync(file, bytes)
      throw error
    }
  }

  function keepSoon(line: Line): void {
    try {
      keep([line])
    } catch (error) {
      if (!(error instanceof NotKept)) throw error
      unwritten += textOf([line])
      take(line)
    }
  }

  return {
    organisation,
    appKey: made.appKey,
    appSecret: made.appSecret,
    isOld: known !== undefined,
    isOther: known === undefined && wasOne,
    failed,
    change: keep,
    fail: (callback) => keepSoon({ failed: callback }),
    forgetFailed: (count) => count > 0 && keepSoon({ forgotten: count }),
    close() {
      try {
        append(unwritten)
      } catch {
        // the disk is full still
      }
      fs.closeSync(file)
    },
  }
}

const DEFAULT_PEOPLE = 200

function textOf(lines: readonly Line[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

interface Made {
  made: Head
  organisation: Organisation
}

function makeNew(people: number, madeAt: number, seed = randomInt(2 ** 31)): Made {
  const organisation = inventOrganisation(people, seed, madeAt)
  const from = { format: FORMAT, people, seed, madeAt, fingerprint: fingerprintOf(organisation) } as const
  // as DingTalk's are
  const [appKey, appSecret] = [`ding${randomBytes(8).toString('hex')}`, randomBytes(32).toString('base64url')]
  return { made: { ...from, appKey, appSecret }, organisation }
}

/** Undefined where the same seed makes another organisation by now: what was kept of the one before means nothing. */
function remake(made: Head): Made | undefined {
  const organisation = inventOrganisation(made.people, made.seed, made.madeAt)
  return fingerprintOf(organisation) === made.fingerprint ? { made, organisation } : undefined
}

function fingerprintOf({ people, departments }: Organisation): string {
  const hash = createHash('sha256')
  for (const id of [...people.keys(), ...departments.keys()]) hash.update(`${id}\n`)
  return hash.digest('hex')
}

/** One of another format is none. */
function readHead(file: string): Head | undefined {
  if (!fs.existsSync(file)) return undefined
  const text = fs.readFileSync(file, 'utf8')
  if (jsonFields(text)['format'] !== FORMAT && parseJson(text) !== undefined) return undefined
  const read = head.safeParse(parseJson(text))
  if (read.success) return read.data
  throw damaged(file)
}

function damaged(file: string): UserError {
  return new UserError(`${file} is damaged. Remove ${path.dirname(file)} to have another organisation made.`)
}

/** The last line may be cut off where a process was killed: then nobody was told that it happened. */
function readLines(file: string): Line[] {
  if (!fs.existsSync(file)) return []
  const text = fs.readFileSync(file, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) fs.truncateSync(file, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const read = parseJson(line)
      if (read === undefined) throw damaged(file)
      return read as Line
    })
}

function writeWhole(file: string, text: string): void {
  fs.writeFileSync(`${file}.tmp`, text, { mode: 0o600 })
  fs.renameSync(`${file}.tmp`, file)
}
