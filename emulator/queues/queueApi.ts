import { createHmac, randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, passedOn } from '../../shared/clock'
import { readBody } from '../../shared/readBody'
import { sameDigest } from '../../shared/sameText'
import type { Store } from '../store/store'
import { isStoreFailure } from '../store/storeHealth'
import { errorXml, hiddenXml, messagesXml, messageXml, receiptsIn, unknownReceiptsXml } from './xml'

interface QueueApiOptions {
  store: Pick<Store, 'messages' | 'changeMessages' | 'onChange'>
  accessKeys: readonly { accessKeyId: string; accessKeySecret: string }[]
  /** whether a rule delivers to a queue of this name, or has it for its dead letters */
  isKnown(queue: string): boolean
  clock: Clock
  /** has what waits in the store follow the clock; see followClock */
  timesSet(): number
}

interface QueueApi {
  door(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Whoever waits for a message is told that there is none, and nobody waits any more. */
  endWaits(): void
}

class Refusal extends Error {
  override name = 'Refusal' as const
  readonly status: number
  readonly code: string
  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const UNAVAILABLE = 'The event store cannot be written. Nothing was changed; try again.'
const XML = 'text/xml;charset=utf-8'
const MAX_BODY_BYTES = 64 * 1024
/** as a queue of MNS has it that nobody has set otherwise */
const VISIBILITY_MS = 30_000
const MAX_WAIT_S = 30
const MAX_MESSAGES = 16

/**
 * The reader's side of MNS: `/queues/<queue>/messages`, to receive, to look at, to hide for longer and to delete messages,
 * one or up to 16 at a time. Queues are those that rules deliver to, dead-letter queues among them; there is nothing to create.
 * https://help.aliyun.com/en/mns/developer-reference/receivemessage
 */
export function createQueueApi({ store, accessKeys, isKnown, clock, timesSet }: QueueApiOptions): QueueApi {
  const { messages } = store
  const waits = new Set<() => void>()
  let ended = false

  async function door(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = randomUUID().toUpperCase().replaceAll('-', '').slice(0, 24)
    const send = (status: number, xml = '') => {
      res.writeHead(status, {
        ...(xml && { 'content-type': XML }),
        'x-mns-request-id': requestId,
        'x-mns-version': '2015-06-06',
      })
      res.end(xml)
    }
    try {
      const whole = await readBody(req, MAX_BODY_BYTES).catch(() => {
        throw new Refusal(400, 'IncompleteBody', 'The request broke off.')
      })
      const body = whole?.toString('utf8') ?? ''
      verify(req)
      const { pathname, searchParams: query } = new URL(req.url ?? '/', 'http://localhost')
      const [, queue] = /^\/queues\/([\w-]+)\/messages$/.exec(pathname) ?? []
      if (queue === undefined)
        throw new Refusal(404, 'InvalidRequestURL', 'The queues here have messages, and nothing else.')
      if (!isKnown(queue) && !messages.has(queue)) {
        throw new Refusal(404, 'QueueNotExist', 'The queue name you provided is not exist.')
      }
      timesSet()
      if (req.method === 'GET') send(200, await read(queue, query, res))
      else if (req.method === 'DELETE') send(...(await remove(queue, query, body)))
      else if (req.method === 'PUT') send(200, await hide(queue, query))
      else throw new Refusal(400, 'InvalidRequestURL', 'Messages come into the queues here by rules alone.')
    } catch (error) {
      const refusal = isStoreFailure(error) ? new Refusal(503, 'ServiceUnavailable', UNAVAILABLE) : error
      if (!(refusal instanceof Refusal)) throw error
      send(refusal.status, errorXml(refusal.code, refusal.message, requestId))
    }
  }

  async function read(queue: string, query: URLSearchParams, res: ServerResponse): Promise<string> {
    const limit = numberOf(query, 'numOfMessages', 1, MAX_MESSAGES) ?? 1
    const waitMs = (numberOf(query, 'waitseconds', 0, MAX_WAIT_S) ?? 0) * 1000
    const isPeek = query.get('peekonly') === 'true'
    const look = () => {
      timesSet()
      return isPeek
        ? Promise.resolve(messages.peek(queue, limit, clock.now()))
        : store.changeMessages(() => messages.receive(queue, limit, clock.now(), VISIBILITY_MS))
    }
    let found = await look()
    const until = passedOn(clock) + (isPeek ? 0 : waitMs)
    while (found.length === 0 && passedOn(clock) < until && !ended) {
      await changed(until - passedOn(clock), res)
      // who has gone takes nothing along
      if (res.closed) break
      found = await look()
    }
    if (found.length === 0) throw new Refusal(404, 'MessageNotExist', 'Message not exist.')
    return query.has('numOfMessages') ? messagesXml(found, isPeek) : messageXml(found[0], isPeek)
  }

  /** Resolves when something has happened, a message may be visible again, the time is up, or nobody waits any more. */
  function changed(ms: number, res: ServerResponse): Promise<void> {
    return new Promise((resolve) => {
      const stop = store.onChange(done)
      const cancel = clock.after(Math.min(ms, 1_000), done)
      res.on('close', done)
      waits.add(done)
      function done() {
        stop()
        cancel()
        res.off('close', done)
        waits.delete(done)
        resolve()
      }
    })
  }

  async function remove(queue: string, query: URLSearchParams, body: string): Promise<[status: number, xml?: string]> {
    const one = query.get('ReceiptHandle')
    const receipts = one === null ? receiptsIn(body) : [one]
    if (receipts.length === 0) throw new Refusal(400, 'MissingReceiptHandle', 'ReceiptHandle is required.')
    if (receipts.length > MAX_MESSAGES) throw outOfRange('ReceiptHandles', 1, MAX_MESSAGES)
    const unknown = await store.changeMessages(() =>
      receipts.filter((receipt) => !messages.remove(queue, receipt, clock.now())),
    )
    if (unknown.length === 0) return [204]
    if (one !== null) throw new Refusal(404, 'MessageNotExist', 'Message not exist.')
    return [404, unknownReceiptsXml(unknown)]
  }

  async function hide(queue: string, query: URLSearchParams): Promise<string> {
    const receipt = query.get('receiptHandle') ?? query.get('ReceiptHandle')
    const seconds = numberOf(query, 'visibilityTimeout', 1, 43_200) ?? numberOf(query, 'VisibilityTimeout', 1, 43_200)
    if (receipt === null) throw new Refusal(400, 'MissingReceiptHandle', 'ReceiptHandle is required.')
    if (seconds === undefined) throw new Refusal(400, 'MissingVisibilityTimeout', 'VisibilityTimeout is required.')
    const message = await store.changeMessages(() => messages.hide(queue, receipt, clock.now(), seconds * 1000))
    if (message === undefined) throw new Refusal(404, 'MessageNotExist', 'Message not exist.')
    return hiddenXml(message)
  }

  /** https://help.aliyun.com/en/mns/developer-reference/sign-requests ; a Date is not held against the clock */
  function verify({ method = '', url = '', headers }: IncomingMessage): void {
    const [, id, signature = ''] = /^MNS ([^:]+):(.+)$/.exec(headers.authorization ?? '') ?? []
    if (id === undefined)
      throw new Refusal(400, 'InvalidAuthorizationHeader', 'The Authorization header format is invalid.')
    const key = accessKeys.find(({ accessKeyId }) => accessKeyId === id)
    if (key === undefined) throw new Refusal(403, 'InvalidAccessKeyId', 'The AccessKey Id you provided is not exist.')
    const own = Object.keys(headers)
      .filter((name) => name.startsWith('x-mns-'))
      .sort()
    const lines = [
      ...[method, headers['content-md5'] ?? '', headers['content-type'] ?? '', headers.date ?? ''],
      ...own.map((name) => `${name}:${headers[name]}`),
    ]
    const expected = createHmac('sha1', key.accessKeySecret)
      .update(`${lines.join('\n')}\n${url}`)
      .digest('base64')
    if (!sameDigest(signature, expected)) {
      throw new Refusal(
        403,
        'SignatureDoesNotMatch',
        'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      )
    }
  }

  return {
    door,
    endWaits() {
      ended = true
      for (const done of waits) done()
    },
  }
}

function numberOf(query: URLSearchParams, name: string, low: number, high: number): number | undefined {
  const text = query.get(name)
  if (text === null) return undefined
  if (/^\d{1,6}$/.test(text) && Number(text) >= low && Number(text) <= high) return Number(text)
  throw outOfRange(name, low, high)
}

function outOfRange(name: string, low: number, high: number): Refusal {
  return new Refusal(400, 'InvalidArgument', `The value of ${name} should between ${low} and ${high}.`)
}
