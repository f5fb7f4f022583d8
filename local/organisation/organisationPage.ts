import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { errorCode } from '../../shared/errorCode'
import { buildPage, DATA_HEADERS, sendPage } from '../../shared/page/buildPage'
import { sendJson } from '../../shared/sendJson'
import type { DatabaseAddress } from '../database/database'
import { createFigures } from './figures'

/** `GET /organisation`, a page that draws what the views of examples/*.sql count, and `/organisation/figures`, its data. */
export function createOrganisationPage(address: DatabaseAddress) {
  const readFigures = createFigures(address)
  const build = () =>
    buildPage({
      client: path.join(__dirname, 'client'),
      title: 'Organisation',
      icon: ICON,
      withoutScript: [
        'This page needs JavaScript. Its data is at /organisation/figures, as JSON.',
        '本页面需要启用 JavaScript。数据可从 /organisation/figures 获取（JSON）。',
      ],
    })

  return async function door(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://localhost')
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      return sendJson(res, 405, { code: 'MethodNotAllowed', message: 'The page takes GET.' }, DATA_HEADERS)
    }
    if (pathname === '/organisation') return sendPage(await build(), req, res)
    if (pathname !== '/organisation/figures') {
      return sendJson(res, 404, { code: 'NotFound', message: 'The page is at /organisation.' }, DATA_HEADERS)
    }
    try {
      sendJson(res, 200, await readFigures(searchParams.get('corporation')), DATA_HEADERS)
    } catch (error) {
      // its message may hold data, its code does not
      const message = `The database did not answer (${errorCode(error) ?? 'unexpected'}).`
      sendJson(res, 502, { code: 'DatabaseUnavailable', message }, DATA_HEADERS)
    }
  }
}

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M8 4v4M3 12V8h10v4" fill="none" stroke="#2f6feb" stroke-width="2"/><path d="M6 1h4v3H6zM1 12h4v3H1zM11 12h4v3h-4z" fill="#2f6feb"/></svg>`
