import { createHash } from 'node:crypto'
import path from 'node:path'
import { build } from 'esbuild'

interface Page {
  html: Buffer
  headers: Readonly<Record<string, string>>
}

interface PageSettings {
  /** where events are posted */
  webhookUrl: string
  /** where a loopback DingTalk is changed; empty where there is none */
  directoryUrl: string
  /** where what a robot said is read; empty where there is none */
  robotUrl: string
  /** whether there are rows to show, and a webhook to send to */
  hasPeople: boolean
}

/**
 * The page: one document with its script and style in it, which loads nothing from anywhere. The policy lets no other
 * script run, and lets it speak to this origin alone.
 */
export async function buildPage({ webhookUrl, directoryUrl, robotUrl, hasPeople }: PageSettings): Promise<Page> {
  const { script, style } = await builtClient()
  const html = Buffer.from(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Event trace</title>
<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}">
<style>${style}</style>
</head>
<body>
<noscript>
<p lang="en">The event trace needs JavaScript. Its data is at /trace/events, as JSON.</p>
<p lang="zh-CN">事件轨迹页面需要启用 JavaScript。数据可从 /trace/events 获取（JSON）。</p>
</noscript>
<div id="page" data-webhook-url="${escapeHtml(webhookUrl)}" data-has-people="${hasPeople}" data-directory-url="${escapeHtml(directoryUrl)}" data-robot-url="${escapeHtml(robotUrl)}"></div>
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

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M3 13V8M8 13V3M13 13v-3" stroke="#2f6feb" stroke-width="3" stroke-linecap="round"/></svg>`

interface Client {
  script: string
  style: string
}

let built: Promise<Client> | undefined

/** Built once a process, from TypeScript as the emulator itself runs; a build that failed is tried again. */
function builtClient(): Promise<Client> {
  built ??= buildClient().catch((error: unknown) => {
    built = undefined
    throw error
  })
  return built
}

async function buildClient(): Promise<Client> {
  const client = path.join(__dirname, 'client')
  const { outputFiles } = await build({
    entryPoints: [path.join(client, 'main.tsx'), path.join(client, 'page.css')],
    outdir: client,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'none',
    write: false,
  })
  const textOf = (name: string) => outputFiles.find((file) => path.basename(file.path) === name)?.text.trim() ?? ''
  return { script: textOf('main.js'), style: textOf('page.css') }
}

/** As Content-Security-Policy names an inline script. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
