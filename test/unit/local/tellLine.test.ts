import fs from 'node:fs'
import path from 'node:path'
import { DOCTOR_TRACE, openFunctionLog, tellLine } from '../../../local/stack/functionLog'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()

test.each<[string, Record<string, unknown>, string]>([
  [
    'dingtalk-webhook',
    { level: 'info', requestId: 'r', kind: 'plain', eventId: 'e1', type: 'user_add_org', outcome: 'published', ms: 27 },
    'webhook: user_add_org published, event e1, as plain (27 ms)',
  ],
  [
    'dingtalk-webhook',
    { level: 'info', requestId: 'r', kind: 'handshake', outcome: 'answered', ms: 1 },
    'webhook: a request answered, nothing published, as handshake (1 ms)',
  ],
  [
    'dingtalk-webhook',
    { level: 'info', outcome: 'refused', status: 415, code: 'UnsupportedMediaType', check: 'media_type', ms: 0 },
    'webhook: refused with 415 UnsupportedMediaType, check media_type (0 ms)',
  ],
  [
    'dingtalk-webhook',
    { level: 'error', outcome: 'refused', status: 503, code: 'Throttled', detail: 'EventBridge is\nbusy', ms: 900 },
    'webhook error: refused with 503 Throttled: EventBridge is busy (900 ms)',
  ],
  [
    'dingtalk-webhook',
    { level: 'error', outcome: 'refused', traceparent: DOCTOR_TRACE, status: 401, code: 'Unauthorized', ms: 1 },
    'webhook, asked by npm run doctor: refused with 401 Unauthorized (1 ms)',
  ],
  [
    'dingtalk-webhook',
    { level: 'error', outcome: 'set_aside', eventId: 'a b', code: 'BizDataUnreadable' },
    'webhook error: rows that can never be published set aside: BizDataUnreadable, event a b',
  ],
  [
    'dingtalk-webhook',
    { level: 'info', outcome: 'open', detail: 'no authentication is configured' },
    'webhook: open: no authentication is configured',
  ],
  [
    'dingtalk-employees',
    { level: 'info', eventId: 'e1', ms: 15, outcome: 'done', received: 1, stored: 1, ignored: 0, deadLettered: 0 },
    'employees: 1 stored, event e1 (15 ms)',
  ],
  [
    'dingtalk-employees',
    { level: 'info', ms: 3, outcome: 'done', received: 4, stored: 1, ignored: 2, deadLettered: 1, badValues: 'name' },
    'employees: 1 stored, 2 ignored, 1 set aside in dead_letters, columns left out: name (3 ms)',
  ],
  [
    'dingtalk-employees',
    { level: 'info', ms: 0, outcome: 'done', received: 0, stored: 0, ignored: 0, deadLettered: 0 },
    'employees: nothing to store (0 ms)',
  ],
  [
    'dingtalk-employees',
    { level: 'error', eventId: 'r1', ms: 5, outcome: 'brake', leavers: 7, range: 8, most: 5 },
    'employees error: roster stopped: it would mark 7 of 8 as left, and no more than 5 may be, event r1 (5 ms)',
  ],
  [
    'dingtalk-employees',
    { level: 'error', eventId: 'e1', ms: 9, outcome: 'failed', code: 'ECONNREFUSED' },
    'employees error: not stored, delivered again later: ECONNREFUSED, event e1 (9 ms)',
  ],
  [
    'dingtalk-enrich',
    { level: 'error', eventId: 'e1', ms: 9, outcome: 'enrich_failed', code: '60011', reaction: 'denied', calls: 2 },
    'enrich error: not read, delivered again later: 60011, event e1, reaction denied, calls 2 (9 ms)',
  ],
  [
    'dingtalk-reconcile',
    { level: 'error', ms: 9, outcome: 'reconcile_failed', task: 'full', code: '60011', detail: 'why', calls: 2 },
    'reconcile error: not done: 60011: why, task full, calls 2 (9 ms)',
  ],
  [
    'dingtalk-employees',
    { level: 'info', requestId: 'r', maintenance: 'purge', outcome: 'done', ms: 5 },
    'employees: purge done (5 ms)',
  ],
  [
    'dingtalk-employees',
    { level: 'info', maintenance: 'purge', outcome: 'failed', ms: 5 },
    'employees: purge: failed (5 ms)',
  ],
  [
    'dingtalk-enrich',
    { level: 'info', ms: 9, outcome: 'done', received: 1, found: 2, gone: 1, outOfScope: 0, refused: 0, later: 0 },
    'enrich: 2 found, 1 gone (9 ms)',
  ],
  [
    'dingtalk-enrich',
    { level: 'info', ms: 9, outcome: 'done', received: 1, found: 0, gone: 0, outOfScope: 0, refused: 0, later: 0 },
    'enrich: nobody to ask about (9 ms)',
  ],
  [
    'dingtalk-reconcile',
    { level: 'info', ms: 9, outcome: 'walked', departments: 30, people: 200, published: 240, leavers: 2, calls: 70 },
    'reconcile: walked 200 people in 30 departments, 2 leavers, published 240, calls 70 (9 ms)',
  ],
  [
    'dingtalk-reconcile',
    { level: 'error', ms: 9, outcome: 'withheld', departments: 30, people: 199, shortfall: 1, withheld: 'why' },
    'reconcile error: walked 199 people in 30 departments, 1 fewer than DingTalk counts; nobody is marked as left: why (9 ms)',
  ],
  [
    'dingtalk-reconcile',
    { level: 'info', ms: 9, outcome: 'failed_pushes', pages: 1, events: 3, unreadable: 0, published: 3 },
    'reconcile: 3 events that DingTalk could not deliver, published 3 (9 ms)',
  ],
])('%s %j', (name, fields, sentence) => {
  expect(tellLine(name, JSON.stringify(fields))).toBe(sentence)
})

test.each(['a line of text', '{"some":"json"}', '{"level":"info","outcome":"of another kind"}', '[1]', ''])(
  'what is no line of ours stays as it is: %s',
  (line) => {
    expect(tellLine('audit', line)).toBe(`audit: ${line}`)
  },
)

test('the file says whose organisation the walks are about, at each start and when it begins anew', () => {
  const file = path.join(folder, 'ofApp.log')
  for (const app of ['one', 'two']) {
    const log = openFunctionLog(file, app)
    log.write('a')
    log.close()
  }
  const begin = (app: string) => `{"level":"info","outcome":"app","app":"${app}"}\n`
  expect(fs.readFileSync(file, 'utf8')).toBe(`${begin('one')}a\n${begin('two')}a\n`)
  fs.truncateSync(file, 11 * 1024 ** 2)
  const log = openFunctionLog(file, 'two')
  log.write('b')
  log.close()
  expect(fs.readFileSync(file, 'utf8')).toBe(`${begin('two')}b\n`)
})

test('the file keeps every line as it was written, over several starts, until it is too large', () => {
  const file = path.join(folder, 'functions.log')
  for (const line of ['{"level":"info"}', 'text']) {
    const log = openFunctionLog(file)
    log.write(line)
    log.close()
    log.write('of an instance that ends after all others')
  }
  expect(fs.readFileSync(file, 'utf8')).toBe('{"level":"info"}\ntext\n')
  fs.truncateSync(file, 11 * 1024 ** 2)
  const log = openFunctionLog(file)
  log.write('a')
  expect(fs.readFileSync(file, 'utf8')).toBe('a\n')
  expect(fs.statSync(`${file}.1`).size).toBe(11 * 1024 ** 2)
  log.write('x'.repeat(11 * 1024 ** 2))
  log.write('b')
  log.close()
  expect(fs.readFileSync(file, 'utf8')).toBe('b\n')
  expect(fs.statSync(`${file}.1`).size).toBe('a\n\n'.length + 11 * 1024 ** 2)
})
