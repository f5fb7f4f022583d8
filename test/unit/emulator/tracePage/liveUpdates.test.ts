import http from 'node:http'
import { type TestTracePage, tracePages } from '../../../support/tracePage'
import { waitFor } from '../../../support/waitFor'

const startPage = tracePages()
let page: TestTracePage

beforeEach(async () => {
  page = await startPage()
})

interface Stream {
  headers: http.IncomingHttpHeaders
  text(): string
  isOver(): boolean
  end(): void
}

function openStream({ url }: TestTracePage): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = http.get(`${url}/trace/live`, (response) => {
      let text = ''
      let isOver = false
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('close', () => {
        isOver = true
      })
      const { headers } = response
      resolve({ headers, text: () => text, isOver: () => isOver, end: () => request.destroy() })
    })
    request.on('error', reject)
  })
}

const changes = (stream: Stream) => stream.text().split('event: change\n').length - 1

test('a change is told at once to everybody who listens, a hundred in a quarter of a second once', async () => {
  const streams = [await openStream(page), await openStream(page)]
  expect(streams[0]?.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  for (let n = 0; n < 100; n++) await page.trace({ id: `e${n}` })
  await page.clock.advance(250)
  for (const stream of streams) await waitFor(() => changes(stream) === 1)

  await page.trace({ id: 'later' })
  await page.clock.advance(250)
  for (const stream of streams) await waitFor(() => changes(stream) === 2)
  for (const stream of streams) stream.end()
})

test('nothing of an event is in the stream', async () => {
  const stream = await openStream(page)
  await page.trace({ id: 'the-id', json: '{"data":"小明"}' })
  await page.clock.advance(250)
  await waitFor(() => changes(stream) === 1)
  expect(stream.text()).not.toMatch(/the-id|小明/)
  stream.end()
})

test('a stream that has nothing to say is kept open; without one no timer is left', async () => {
  const stream = await openStream(page)
  await page.clock.advance(15_000)
  await page.clock.advance(15_000)
  await waitFor(() => stream.text().split(': still here\n').length === 3)
  stream.end()
  await waitFor(async () => {
    await page.clock.advance(15_000)
    return page.clock.waiting() === 0
  })
})

test('closing ends every stream, and one that is opened after', async () => {
  const before = await openStream(page)
  page.page.close()
  await waitFor(() => before.isOver())
  const after = await openStream(page)
  await waitFor(() => after.isOver())
  await page.trace({ id: 'e' })
  expect(page.clock.waiting()).toBe(0)
})
