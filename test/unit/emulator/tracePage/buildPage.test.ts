import { createHash } from 'node:crypto'
import { fakePeople, type TestTracePage, tracePages } from '../../../support/tracePage'

const startPage = tracePages()
let page: TestTracePage

beforeAll(async () => {
  page = await startPage({ people: fakePeople({}), webhookUrl: 'http://127.0.0.1/"><script>' })
})

const hashOf = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

test('the page is one document, whose policy lets nothing in but its own script and style', async () => {
  const response = await fetch(`${page.url}/`)
  const html = await response.text()
  expect(response.status).toBe(200)
  const [script] = /(?<=<script>).*?(?=<\/script>)/s.exec(html) ?? []
  const [style] = /(?<=<style>).*?(?=<\/style>)/s.exec(html) ?? []
  expect(response.headers.get('content-security-policy')?.split('; ')).toEqual([
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ])
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
  })
})

test('nothing in it comes from elsewhere', async () => {
  const html = await (await fetch(`${page.url}/`)).text()
  const addresses = html.match(/https?:\/\/[^"'`\s)]+|(?<=url\()[^)]+|@import[^;]+/g) ?? []
  // names of XML, which nobody fetches, and the webhook
  const known = /^http:\/\/(www\.w3\.org\/|127\.0\.0\.1\/)/
  expect(addresses.filter((address) => !known.test(address))).toEqual([])
  expect(html).not.toMatch(/\bsrc=|eval\(|new Function/)
})

test('what is written into it is escaped', async () => {
  const html = await (await fetch(`${page.url}/`)).text()
  expect(html).toContain('data-webhook-url="http://127.0.0.1/&#34;&#62;&#60;script&#62;" data-has-people="true"')
})

test('a browser that has it gets no second copy', async () => {
  const etag = (await fetch(`${page.url}/`)).headers.get('etag') ?? ''
  const again = await fetch(`${page.url}/?state=dead`, { headers: { 'if-none-match': etag } })
  expect([again.status, await again.text()]).toEqual([304, ''])
  const other = await startPage()
  expect((await fetch(`${other.url}/`, { headers: { 'if-none-match': etag } })).status).toBe(200)
})

test('data is never kept by a browser or read by another page', async () => {
  const { headers } = await fetch(`${page.url}/trace/events`)
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  })
})
