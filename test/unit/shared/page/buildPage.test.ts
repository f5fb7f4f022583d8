import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { buildPage, DATA_HEADERS, type Page, sendPage } from '../../../../shared/page/buildPage'
import { startServer } from '../../../support/rawHttp'
import { temporaryFolder } from '../../../support/temporaryFolder'

const client = temporaryFolder()

beforeAll(() => {
  fs.writeFileSync(path.join(client, 'main.tsx'), 'console.log(1)')
  fs.writeFileSync(path.join(client, 'page.css'), 'p { margin: 0 }')
})

const build = (title: string, data?: Record<string, string>) =>
  buildPage({
    client,
    title,
    icon: '<svg id="a"/>',
    withoutScript: ['It needs <JavaScript>.', '需要 & 启用'],
    ...(data && { data }),
  })

const hashOf = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

test('a page is one document with its script and style, and what is written into it is escaped', async () => {
  const { html } = await build(`"A" & <b> 'c'`, { 'some-url': 'http://x/?a="1"&b=<2>', other: `'` })
  const text = html.toString()
  expect(text.replace(/(?<=<script>).*?(?=<\/script>)/s, '')).toBe(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>&#34;A&#34; &#38; &#60;b&#62; &#39;c&#39;</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg%20id%3D%22a%22%2F%3E">
<style>p{margin:0}</style>
</head>
<body>
<noscript>
<p lang="en">It needs &#60;JavaScript&#62;.</p>
<p lang="zh-CN">需要 &#38; 启用</p>
</noscript>
<div id="page" data-some-url="http://x/?a=&#34;1&#34;&#38;b=&#60;2&#62;" data-other="&#39;"></div>
<script></script>
</body>
</html>
`)
  expect(text).toMatch(/<script>[^<]*console\.log\(1\)[^<]*<\/script>/)
})

test('a page need not be told anything', async () => {
  expect((await build('t')).html.toString()).toContain('<div id="page"></div>')
})

test('its policy lets nothing in but its own script and style, and it is asked for each time', async () => {
  const { html, headers } = await build('t')
  const [script] = /(?<=<script>).*?(?=<\/script>)/s.exec(html.toString()) ?? []
  expect(headers).toEqual({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; script-src ${hashOf(script)}; style-src ${hashOf('p{margin:0}')}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'cache-control': 'no-cache',
    etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
  })
})

test('a page has another version when anything in it is another', async () => {
  const versions = [await build('t'), await build('t'), await build('u'), await build('t', { a: '1' })]
  const [first, ...others] = versions.map(({ headers }) => headers['etag'])
  expect(others.map((version) => version === first)).toEqual([true, false, false])
})

describe('a page is sent', () => {
  const ownPagesOnly = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  }

  async function ask(page: Page, headers: Record<string, string>) {
    const server = await startServer((req, res) => sendPage(page, req, res))
    try {
      const response = await fetch(`http://127.0.0.1:${server.port}/`, { headers })
      return { status: response.status, text: await response.text(), headers: Object.fromEntries(response.headers) }
    } finally {
      await server.close()
    }
  }

  test('to a browser that does not have this version', async () => {
    const page = await build('t')
    const all = { status: 200, text: page.html.toString(), headers: { ...page.headers, ...ownPagesOnly } }
    expect(await ask(page, {})).toMatchObject(all)
    expect(await ask(page, { 'if-none-match': (await build('u')).headers['etag'] ?? '' })).toMatchObject(all)
  })

  test('but not to one that has it', async () => {
    const page = await build('t')
    expect(await ask(page, { 'if-none-match': page.headers['etag'] ?? '' })).toMatchObject({
      status: 304,
      text: '',
      headers: { ...ownPagesOnly, etag: page.headers['etag'] },
    })
  })

  test('and its data is kept by no browser and read by no other page', () => {
    expect(DATA_HEADERS).toEqual({ 'cache-control': 'no-store', ...ownPagesOnly })
  })
})
