import { createHash } from 'node:crypto'
import fs from 'node:fs'
import type { Clock } from '../../shared/clock'
import { errorCode } from '../../shared/errorCode'
import { depthOf, endOfString, isLosslessObject, losslessJson, stringifyLossless } from '../../shared/json'
import { UserError } from '../../shared/userError'
import { MAX_DEPTH } from '../api/readEvents'
import type { EventBridge } from '../eventBridge'
import { type PublishInput, publishAll, wholeEvent } from './publish'

/** Events that are published once: in a folder of its own each. */
export type Seed = string | readonly PublishInput[]

/** An event of a seed, and where it is. */
export interface SeedEvent {
  event: Readonly<Record<string, unknown>>
  /** `events.jsonl:3` */
  place: string
  /** the same for the same event in the next start's file */
  key: string
}

/**
 * Reads the events of a file: a JSON array of CloudEvents, one a line, or one alone.
 * @param name the file's, for errors
 * @throws UserError that names the line of each that is none
 */
export function readSeed(text: string, name: string): SeedEvent[] {
  const faults: string[] = []
  const events = textsIn(text).flatMap(({ line, json }) => {
    if (depthOf(json) > MAX_DEPTH) {
      faults.push(`${name}:${line} is nested deeper than ${MAX_DEPTH} levels`)
      return []
    }
    const event = losslessJson(json)
    if (!isLosslessObject(event)) {
      faults.push(`${name}:${line} ${event === undefined ? 'is no JSON' : 'is no CloudEvent, which is a JSON object'}`)
      return []
    }
    return [{ event, place: `${name}:${line}` }]
  })
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  return withKeys(events)
}

/** Where the store remembers what of seeds it has had. */
const NOTE = { kind: 'seed', bus: '', name: 'published' } as const

interface SeedOptions {
  /** also those that were published at an earlier start */
  again: boolean
  defaultBus: string
  clock: Clock
}

/**
 * Publishes the events of a seed that this store has not had yet.
 * @param seed a file's path, or the events themselves
 * @returns how many were published
 * @throws UserError that names each bad one by its line; then none is published
 */
export async function publishSeed(
  eventBridge: Pick<EventBridge, 'publish' | 'refusalOf' | 'store'>,
  seed: Seed,
  { again, defaultBus, clock }: SeedOptions,
): Promise<number> {
  const events = typeof seed === 'string' ? readSeed(readFile(seed), seed) : numbered(seed)
  const whole = events.map((one) => ({ ...one, event: wholeEvent(one.event, defaultBus, clock) }))
  const faults = whole.flatMap(({ event, place }) => {
    const refusal = eventBridge.refusalOf(event)
    return refusal === undefined ? [] : [`${place} ${refusal.code}: ${refusal.message}`]
  })
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  const { resources } = eventBridge.store
  const note = resources.all().find(({ kind }) => kind === NOTE.kind)
  const published = new Set<string>(note && JSON.parse(note.definition))
  const left = again ? whole : whole.filter(({ key }) => !published.has(key))
  if (left.length === 0) return 0
  await publishAll(
    eventBridge,
    left.map(({ event }) => event),
  )
  for (const { key } of left) published.add(key)
  resources.put({ ...NOTE, definition: JSON.stringify([...published]) })
  return left.length
}

function numbered(events: readonly PublishInput[]): SeedEvent[] {
  return withKeys(events.map((event, index) => ({ event, place: `seed[${index}]` })))
}

function readFile(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new UserError(`${file} cannot be read (${errorCode(error) ?? 'unknown error'}).`)
  }
}

/** The same event has the same key at the next start; several that are the same are meant. */
function withKeys(events: readonly Omit<SeedEvent, 'key'>[]): SeedEvent[] {
  const seen = new Map<string, number>()
  return events.map(({ event, place }) => {
    const hash = createHash('sha256').update(stringifyLossless(event)).digest('base64url')
    const times = (seen.get(hash) ?? 0) + 1
    seen.set(hash, times)
    return { event, place, key: `${hash} ${times}` }
  })
}

/** The text of each event, and its line. */
function textsIn(text: string): { line: number; json: string }[] {
  const start = text.startsWith('\uFEFF') ? 1 : 0
  const lines = text.slice(start).split('\n')
  const filled = lines.map((json, index) => ({ line: index + 1, json })).filter(({ json }) => json.trim() !== '')
  const [first] = filled
  if (first === undefined) return []
  const isArray = first.json.trimStart().startsWith('[')
  const isByLine = !isArray && filled.length > 1 && filled.filter(({ json }) => json.startsWith('{')).length > 1
  if (isByLine || (filled.length > 1 && !isArray && losslessJson(first.json) !== undefined)) return filled
  if (isArray) return elementsOf(text.slice(start))
  return [{ line: first.line, json: text.slice(start) }]
}

/** The elements of a JSON array, by its commas and brackets: one that is no JSON is found where it is. */
function elementsOf(text: string): { line: number; json: string }[] {
  const elements: { line: number; json: string }[] = []
  let depth = 0
  let from = text.indexOf('[') + 1
  let line = linesIn(text.slice(0, from)) + 1
  const take = (to: number) => {
    const json = text.slice(from, to)
    const blanks = json.slice(0, json.length - json.trimStart().length)
    if (json.trim() !== '' || text[to] === ',') elements.push({ line: line + linesIn(blanks), json })
    line += linesIn(json)
    from = to + 1
  }
  for (let at = from; at < text.length; at++) {
    switch (text[at]) {
      case '"':
        at = endOfString(text, at)
        break
      case '{':
      case '[':
        depth++
        break
      case '}':
        depth--
        break
      case ',':
        if (depth === 0) take(at)
        break
      case ']':
        if (depth-- > 0) break
        take(at)
        // nothing but blanks may follow
        if (text.slice(at + 1).trim() === '') return elements
    }
  }
  take(text.length)
  return [...elements, { line: text.trimEnd().split('\n').length, json: ']' }]
}

function linesIn(text: string): number {
  return text.split('\n').length - 1
}
