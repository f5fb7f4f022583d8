import type { Measured } from '../results'
import { isMet } from '../topic'
import { phraseOf } from './chinese'
import { type Language, markdownTable, withUnit, wordsOf } from './tables'
import { cellText, limitText } from './tableText'

interface Line {
  topic: string
  /** what the topic calls it, with `#` for numbers */
  goal: string
  /** whose figure stands beside ours: as the topic calls the row, where it is one */
  beside?: string
  /** `#` is the goal's number */
  en: string
  zh: string
}

/** The goals that say most, in the order of an event's way: the rest is in docs/performance.md. */
export const SUMMARY: readonly Line[] = [
  {
    ...{ topic: 'chain', goal: 'npm start ÷ express + mysql2', beside: 'express # + mysql2' },
    ...{ en: 'the whole chain, POST to committed row', zh: '整条链路，从 POST 到数据提交' },
  },
  {
    ...{ topic: 'chain', goal: 'with arrays ÷ express + mysql2', beside: 'express # + mysql2' },
    ...{ en: 'the same with arrays (ObjectList)', zh: '同上，批量投递（ObjectList）' },
  },
  { topic: 'chain', goal: 'memory of npm start', en: 'memory of `npm start`', zh: '`npm start` 的内存' },
  {
    ...{ topic: 'coldStartWebhook', goal: "webhook, of the peer's CPU over bare node" },
    ...{ beside: 'express + @alicloud/eventbridge' },
    ...{ en: 'cold start of the webhook, CPU over bare node', zh: 'webhook 冷启动，超出空 node 进程的 CPU' },
  },
  {
    ...{ topic: 'coldStartEmployees', goal: "employees, of zod + mysql2's CPU over bare node", beside: 'zod + mysql2' },
    ...{ en: 'cold start of employees, CPU over bare node', zh: 'employees 冷启动，超出空 node 进程的 CPU' },
  },
  { topic: 'size', goal: 'bundle of webhook', en: 'bundle of the webhook', zh: 'webhook 部署包' },
  { topic: 'size', goal: 'bundle of employees', en: 'bundle of employees', zh: 'employees 部署包' },
  {
    ...{ topic: 'webhook', goal: 'CPU of webhook, API secret ÷ express', beside: 'express # + official SDK, token' },
    ...{ en: 'webhook, CPU a signed request', zh: 'webhook，单个签名请求的 CPU' },
  },
  {
    ...{ topic: 'employees', goal: 'employees, CPU an event beside mysql2 execute', beside: 'mysql2 execute' },
    ...{ en: 'employees, CPU an event', zh: 'employees，单个事件的 CPU' },
  },
  {
    ...{ topic: 'employees', goal: 'employees, rows/s in arrays of # beside one statement by hand' },
    ...{ beside: 'mysql2, one statement', en: 'employees, arrays of #', zh: 'employees，每批 # 个事件' },
  },
  {
    ...{ topic: 'walk', goal: 'calls of reconcile, # people ÷ fewest', beside: 'the fewest that there can be' },
    ...{ en: 'a walk of # people, calls', zh: '# 人的全量同步，调用次数' },
  },
  {
    ...{ topic: 'patterns', goal: 'beside the naive matcher, # mixed rules', beside: 'naive matcher' },
    ...{ en: 'event patterns, # mixed rules, a CPU second', zh: '事件模式，# 条混合规则，每秒 CPU 时间' },
  },
  {
    ...{ topic: 'mapping', goal: 'beside jsonpath-plus', beside: 'jsonpath-plus' },
    ...{ en: 'mapping of ten fields, a CPU second', zh: '十个字段的映射，每秒 CPU 时间' },
  },
  {
    ...{ topic: 'emulator', goal: 'events/s ÷ bare server, one a request', beside: 'bare node:http + SQLite' },
    ...{ en: 'the emulator alone, PutEvents', zh: '单独运行内嵌 EventBridge，PutEvents' },
  },
]

const HEADS: Readonly<Record<Language, readonly string[]>> = {
  en: ['', 'ours', 'beside it', 'ratio', 'goal', ''],
  zh: ['', '本项目', '对比对象', '比值', '目标', ''],
}

/** A row a goal. What was not measured has none. */
export function summaryTable(results: readonly Measured[], language: Language): string {
  const rows = SUMMARY.flatMap((line) => rowOf(line, results, language) ?? [])
  return markdownTable(HEADS[language], rows)
}

function rowOf(line: Line, results: readonly Measured[], language: Language): [string[]] | undefined {
  const table = results.find(({ topic }) => topic === line.topic)?.table
  // of several sizes the largest is last
  const goal = table?.goals.findLast(({ what }) => phraseOf(what) === line.goal)
  if (table === undefined || goal === undefined) return undefined
  const { measured, unit, ratioOf } = goal
  const say = wordsOf(language)
  const beside = table.rows.find(({ name }) => phraseOf(name) === line.beside)?.name ?? line.beside ?? ''
  const figures =
    ratioOf === undefined
      ? [withUnit(measured, unit, language), '–', '–']
      : [
          withUnit(ratioOf.ours, ratioOf.unit, language),
          `${say(beside)}${language === 'zh' ? '：' : ': '}${cellText(ratioOf.peer)}`,
          cellText(measured),
        ]
  const name = line[language].replace('#', /\d[\d,]*/.exec(goal.what)?.[0] ?? '')
  return [[name, ...figures, limitText(goal), isMet(goal) ? '✓' : '✗']]
}
