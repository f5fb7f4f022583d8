import { compilePattern } from '../../../../emulator/pattern/compilePattern'
import { publishOnBus } from '../../../../emulator/targets/eventBusTarget'
import { functionFailure } from '../../../../emulator/targets/httpInvoke'
import { post } from '../../../../emulator/targets/post'
import { serverWordsInChinese } from '../../../../emulator/tracePage/client/serverWords'
import { freePort } from '../../../../shared/freePort'
import { readKeys } from '../../../../shared/mapping/readKeys'
import { shippedMapping } from '../../../support/mapping'
import { tracePages } from '../../../support/tracePage'

const whyNot = (pattern: object, event: Record<string, unknown>) => compilePattern(pattern).whyNot(event) ?? ''
const source = { source: ['a', { prefix: 'b' }] }
const fields = { data: { body: { syncAction: ['user_add_org'] } } }

/** As the code says it, wherever that can be had without much ado. */
test.each<[string, string]>([
  [whyNot(source, {}), '事件没有 source，无法匹配 ["a",{"prefix":"b"}]'],
  [whyNot(source, { source: 'c' }), 'source 不匹配 ["a",{"prefix":"b"}]'],
  [whyNot(fields, {}), '事件没有 data，而事件模式要匹配其中的字段'],
  [whyNot(fields, { data: { body: { syncAction: ['x'] } } }), 'data.body.syncAction 中没有元素匹配 ["user_add_org"]'],
  [
    whyNot(fields, { data: { body: { syncAction: {} } } }),
    'data.body.syncAction 是或包含对象、数组，无法匹配 ["user_add_org"]',
  ],
  ['the rule is disabled', '规则已禁用'],
  ['the pattern is refused: source: must be a list', '事件模式无效：source: must be a list'],
  [functionFailure('HandledInvocationError', '"(ECONNREFUSED)"').error ?? '', 'HandledInvocationError (ECONNREFUSED)'],
  ['HTTP 500 InternalError', 'HTTP 500 InternalError'],
  ['errcode 310000', 'errcode 310000'],
  ['no answer within 15 s', '15 秒内没有响应'],
  [
    'no answer: its host is not this machine, nor one of the hosts that events may be sent to',
    '没有响应：目标主机不是本机，也不在允许的主机列表中',
  ],
  [
    'no answer: ECONNREFUSED; its dead-letter bus: the event was on the bus a already and would go round in circles',
    '没有响应：ECONNREFUSED；死信总线：事件已经过总线 a，再次发布会形成循环',
  ],
  [
    'the event names no userId that can be read; the value for title cannot be read as integer',
    '事件中没有有效的 userId；title 的值无法解析为 integer',
  ],
  ['replayed 2026-01-01T00:00:00.000Z: not JSON', '2026-01-01T00:00:00.000Z 重放：不是 JSON'],
  [
    'the table refuses a value (MySQL error 1062, by user_info.jobnumber)',
    '表拒绝写入某个值（错误 1062，约束 user_info.jobnumber）',
  ],
  ['the table refuses a value (MySQL error 3819)', '表拒绝写入某个值（错误 3819）'],
  ['state: must be delivered, pending', 'state：必须是 delivered, pending'],
  ['named: must have at most 4096 characters', '最多 4096 个字符'],
  ['At most 10000 events are replayed at once. Narrow the filter.', '一次最多重放 10000 个事件，请缩小筛选范围。'],
  ['something new', 'something new'],
  ['', ''],
])('%s', (english, chinese) => {
  expect(serverWordsInChinese(english)).toBe(chinese)
})

test('a target that does not answer, an event that goes round in circles, an employee who cannot be read', async () => {
  const url = new URL(`http://127.0.0.1:${await freePort()}`)
  const refused = await post(url, '', { headers: {}, timeoutMs: 1_000 }).catch((error: Error) => error.message)
  expect(serverWordsInChinese(String(refused))).toBe('没有响应：ECONNREFUSED')
  const { error = '' } = await publishOnBus('a', '{"aliyuneventbusname":"a"}', async () => ({}))
  expect(serverWordsInChinese(error)).toBe('事件已经过总线 a，再次发布会形成循环')
  const { faults } = readKeys(shippedMapping.key, { data: { body: { userId: 'x'.repeat(65) } } }, {})
  expect(faults.map(serverWordsInChinese)).toContain('userId 超过 64 个字符')
})

test.each<[string, string]>([
  ['/trace/events/9', '该事件不存在，或已被清理。'],
  ['/trace/nothing', '事件轨迹页面不支持该操作。'],
  ['/trace/events?before=x', 'before：必须是大于 0 的数字'],
])('what %s is refused with', async (path, chinese) => {
  const { body } = await (await startPage()).get(path)
  expect(serverWordsInChinese((body as { message: string }).message)).toBe(chinese)
})

const startPage = tracePages()
