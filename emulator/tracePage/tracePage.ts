import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendJson } from '../../shared/sendJson'
import { ApiError } from '../api/context'
import { buildPage } from './buildPage'
import { type CommandOptions, createCommands } from './commands'
import { createLiveUpdates } from './liveUpdates'
import { createQueries, type QueryOptions } from './queries'

export type TracePageOptions = QueryOptions &
  CommandOptions & {
    /** Calls back after events or deliveries changed; returns what ends that. */
    onChange(listener: () => void): () => void
    /** where events are posted */
    webhookUrl: string
    /** where the page changes a loopback DingTalk, on its own origin; absent where there is none */
    directoryUrl?: string | undefined
    /** where the page reads what the double of a group robot said, on its own origin; absent where there is none */
    robotUrl?: string | undefined
  }

export interface TracePage {
  /** `GET /` and `/trace/…` */
  door(req: IncomingMessage, res: ServerResponse): Promise<void>
  /** Builds the page ahead, so that the first visit need not wait. */
  prepare(): void
  /** Ends the live streams, which would else keep a server from closing. */
  close(): void
}

/** The event trace page: what happened to each event. */
export function createTracePage(options: TracePageOptions): TracePage {
  const live = createLiveUpdates(options.onChange, options.clock)
  const answerQuery = createQueries(options)
  const runCommand = createCommands(options)

  const { webhookUrl, directoryUrl = '', robotUrl = '' } = options
  const build = () => buildPage({ webhookUrl, directoryUrl, robotUrl, hasPeople: options.people !== undefined })

  async function sendPage(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const page = await build()
    const isKnown = req.headers['if-none-match'] === page.headers['etag']
    res.writeHead(isKnown ? 304 : 200, { ...page.headers, ...COMMON_HEADERS })
    res.end(isKnown ? undefined : page.html)
  }

  async function door(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (req.url ?? '/').split(/\?(.*)/s)
    try {
      if (req.method === 'POST') return sendJson(res, 200, await runCommand(req, path), JSON_HEADERS)
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        throw new ApiError(405, 'MethodNotAllowed', 'The trace page takes GET and POST.')
      }
      if (path === '/') return await sendPage(req, res)
      if (path === '/trace/live') return live.open(res)
      sendJson(res, 200, await answerQuery(path, new URLSearchParams(query)), JSON_HEADERS)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      sendJson(res, error.status, { code: error.code, message: error.message }, JSON_HEADERS)
    }
  }

  return {
    door,
    // a fault comes up again at the visit, which says so
    prepare: () => void build().catch(() => {}),
    close: live.close,
  }
}

/** No other page may embed or read what is served here. */
const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

const JSON_HEADERS = { 'cache-control': 'no-store', ...COMMON_HEADERS }
