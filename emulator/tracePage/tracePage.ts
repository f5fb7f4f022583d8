import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { buildPage, DATA_HEADERS, sendPage } from '../../shared/page/buildPage'
import { sendJson } from '../../shared/sendJson'
import { ApiError, expectedRefusal } from '../api/refusal'
import { type CommandOptions, createCommands } from './commands'
import { createLiveUpdates } from './liveUpdates'
import { createQueries, type QueryOptions } from './queries'

/** What else answers on the page's own origin, and where; absent where there is none. */
export interface Neighbours {
  /** where events are posted */
  webhookUrl: string
  /** where the page changes a loopback DingTalk */
  directoryUrl?: string | undefined
  /** where it reads what the double of a group robot said */
  robotUrl?: string | undefined
  /** a page about the organisation, to which it links */
  organisationUrl?: string | undefined
}

export type TracePageOptions = QueryOptions &
  CommandOptions &
  Neighbours & {
    /** Calls back after events or deliveries changed; returns what ends that. */
    onChange(listener: () => void): () => void
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

  const { webhookUrl, directoryUrl = '', robotUrl = '', organisationUrl = '' } = options
  const build = () =>
    buildPage({
      client: path.join(__dirname, 'client'),
      title: 'Event trace',
      icon: ICON,
      withoutScript: [
        'The event trace needs JavaScript. Its data is at /trace/events, as JSON.',
        '事件轨迹页面需要启用 JavaScript。数据可从 /trace/events 获取（JSON）。',
      ],
      data: {
        'webhook-url': webhookUrl,
        'has-people': String(options.people !== undefined),
        'directory-url': directoryUrl,
        'robot-url': robotUrl,
        'organisation-url': organisationUrl,
      },
    })

  async function door(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const [pathname = '', query = ''] = (req.url ?? '/').split(/\?(.*)/s)
    try {
      if (req.method === 'POST') return sendJson(res, 200, await runCommand(req, pathname), DATA_HEADERS)
      if (req.method !== 'GET' && req.method !== 'HEAD') {
        throw new ApiError(405, 'MethodNotAllowed', 'The trace page takes GET and POST.')
      }
      if (pathname === '/') return sendPage(await build(), req, res)
      if (pathname === '/trace/live') return live.open(res)
      sendJson(res, 200, await answerQuery(pathname, new URLSearchParams(query)), DATA_HEADERS)
    } catch (error) {
      const refusal = expectedRefusal(error)
      if (refusal === undefined) throw error
      sendJson(res, refusal.status, { code: refusal.code, message: refusal.message }, DATA_HEADERS)
    }
  }

  return {
    door,
    // a fault comes up again at the visit, which says so
    prepare: () => void build().catch(() => {}),
    close: live.close,
  }
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M3 13V8M8 13V3M13 13v-3" stroke="#2f6feb" stroke-width="3" stroke-linecap="round"/></svg>`
