import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { builtClient } from './buildClient'

export interface Page {
  html: Buffer
  headers: Readonly<Record<string, string>>
}

interface PageSource {
  /** the folder of its script, main.tsx, and its style, page.css */
  client: string
  title: string
  icon: string
  /** what is said where there is no JavaScript, in English and Chinese */
  withoutScript: readonly [english: string, chinese: string]
  /** what the script is told: `data-` attributes of #page */
  data?: Readonly<Record<string, string>>
}

/**
 * A page: one document with its script and style in it, which loads nothing from anywhere. The policy lets no other script
 * run, and lets it speak to this origin alone.
 */
export async function buildPage({ client, title, icon, withoutScript, data = {} }: PageSource): Promise<Page> {
  const { script, style } = await builtClient(client)
  const attributes = Object.entries(data).map(([name, value]) => ` data-${name}="${escapeHtml(value)}"`)
  const html = Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<style>${style}</style>
</head>
<body>
<noscript>
<p lang="en">${escapeHtml(withoutScript[0])}</p>
<p lang="zh-CN">${escapeHtml(withoutScript[1])}</p>
</noscript>
<div id="page"${attributes.join('')}></div>
<script>${script}</script>
</body>
</html>
`)
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy.join('; '),
      // asked for each time, answered from the browser's memory unless this version is another
      'cache-control': 'no-cache',
      etag: `"${createHash('sha256').update(html).digest('hex').slice(0, 32)}"`,
    },
  }
}

/** No other page may embed or read what is served with these. */
const OWN_PAGES_ONLY = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
}

/** Of the data that a page asks for. */
export const DATA_HEADERS = { 'cache-control': 'no-store', ...OWN_PAGES_ONLY }

/** Answers a request for a page: a browser that has this version gets no second copy. */
export function sendPage(page: Page, req: IncomingMessage, res: ServerResponse): void {
  const isKnown = req.headers['if-none-match'] === page.headers['etag']
  res.writeHead(isKnown ? 304 : 200, { ...page.headers, ...OWN_PAGES_ONLY })
  res.end(isKnown ? undefined : page.html)
}

/** As Content-Security-Policy names an inline script. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
