import { stringify } from 'lossless-json'
import { isLosslessObject, parseLossless } from '../../shared/json'
import { ApiError } from '../api/refusal'
import type { NamedQueue } from '../resources/queuesOfRules'
import type { DeadLetter } from '../store/deadLetters'
import type { KeptMessage } from '../store/messages'
import type { Store } from '../store/store'
import { maskAnswer, maskEvent } from './maskPersonalData'
import type { ListedLetter, ListedMessage, ListedQueue, MessageList, QueueCommand, QueueDone } from './queueProtocol'

export interface QueueDeskOptions {
  store: Pick<Store, 'messages' | 'changeMessages' | 'deadLetters' | 'traces'>
  /** those that rules name */
  named(): NamedQueue[]
  /** Publishes the events of dead letters again; returns how many were accepted. */
  publishLetters(letters: readonly DeadLetter[]): Promise<number>
  now(): number
}

export interface QueueDesk {
  list(): ListedQueue[]
  read(queue: string, after: number, reveal: boolean): MessageList
  /** @throws ApiError */
  run(command: QueueCommand): Promise<QueueDone>
}

const PAGE = 50

/** The queues as the page has them: looked into without receiving, emptied, dead letters published again. */
export function createQueueDesk({ store, named, publishLetters, now }: QueueDeskOptions): QueueDesk {
  const { messages, deadLetters, traces } = store

  function list(): ListedQueue[] {
    const stock = new Map(messages.stock(now()).map((held) => [held.queue, held]))
    const rules = named()
    const names = new Set([...rules.map(({ queue }) => queue), ...stock.keys()])
    return [...names].sort().map((queue) => ({
      ...(stock.get(queue) ?? { queue, visible: 0, hidden: 0, letters: 0 }),
      rules: rules
        .filter((rule) => rule.queue === queue)
        .map(({ bus, rule, isForDeadLetters }) => ({ bus, rule, isForDeadLetters })),
    }))
  }

  function read(queue: string, after: number, reveal: boolean): MessageList {
    const found = messages.list(queue, after, PAGE + 1)
    const shown = found.slice(0, PAGE)
    const kept = traces.existing(shown.flatMap(({ letter }) => letter?.eventSeq ?? []))
    const more = found.length > PAGE ? shown.at(-1)?.seq : undefined
    return {
      messages: shown.map((message) => listMessage(message, kept, reveal)),
      through: messages.newest(),
      ...(more !== undefined && { more }),
    }
  }

  async function run(command: QueueCommand): Promise<QueueDone> {
    const { queue } = command
    if (command.do === 'delete') {
      return { deleted: await store.changeMessages(() => messages.clear(queue, command)) }
    }
    const found = deadLetters.find('seqs' in command ? { seqs: command.seqs } : { queue })
    const letters = 'seqs' in command ? found : found.filter(({ seq }) => seq <= command.through)
    if (letters.length === 0) throw new ApiError(404, 'NotFound', 'There is no such dead letter any more.')
    return { published: await publishLetters(letters) }
  }

  return { list, read, run }
}

type Letter = NonNullable<KeptMessage['letter']>

function listMessage(message: KeptMessage, kept: ReadonlySet<number>, reveal: boolean): ListedMessage {
  const { seq, id, enqueuedAt, visibleAt, dequeues, body, letter } = message
  return {
    ...{ seq, id, enqueuedAt, visibleAt, dequeues, body: shownBody(body, reveal) },
    ...(letter && { letter: listLetter(letter, kept) }),
  }
}

function listLetter({ eventSeq, ...letter }: Letter, kept: ReadonlySet<number>): ListedLetter {
  return { ...letter, ...(kept.has(eventSeq) && { eventSeq }) }
}

function shownBody(body: string, reveal: boolean): string {
  try {
    const value = parseLossless(body)
    if (reveal) return stringify(value, null, 2) ?? body
    const masked = isEvent(value) ? maskEvent(body) : parseLossless(maskAnswer(body))
    return stringify(masked, null, 2) ?? ''
  } catch {
    return reveal ? body : maskAnswer(body)
  }
}

/** What a rule makes of an event may be any JSON, and then its fields are masked as those of an answer are. */
function isEvent(value: unknown): boolean {
  return isLosslessObject(value) && typeof value['specversion'] === 'string'
}
