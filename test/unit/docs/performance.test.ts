import fs from 'node:fs'
import path from 'node:path'
import { inChinese, phraseOf } from '../../../bench/draw/chinese'
import { DRAWN, drawn } from '../../../bench/draw/documents'
import { SUMMARY } from '../../../bench/draw/summary'
import { type Measured, readResults } from '../../../bench/results'
import { topics } from '../../../bench/topics'
import { chineseOf, PROJECT, readDocument } from '../../support/documents'

const results = readResults()

test.each(DRAWN)('%s shows what bench/results.json has: npm run bench -- --draw', (name) => {
  expect(fs.readFileSync(path.join(PROJECT, name), 'utf8')).toBe(drawn(results).get(name))
})

test.each([
  ['README.md', ['summary']],
  ['docs/performance.md', ['topics']],
  ['docs/scale.md', ['delivery-ms', 'array-rows', 'statement-rows', 'walk']],
])('%s and its twin have the parts %j', (name, parts) => {
  for (const file of [name, chineseOf(name)]) {
    expect([...readDocument(file).text.matchAll(/<!-- bench: (\S+) -->/g)].map(([, part]) => part)).toEqual(parts)
  }
})

test('each topic has its result', () => {
  expect(results.map(({ topic }) => topic)).toEqual(topics.map(({ name }) => name))
})

describe.each(results)('$topic', ({ table }) => {
  test.each([table.title, table.text, ...table.goals.map(({ what }) => what)])('in Chinese: %s', (said) => {
    expect(inChinese(said)).toMatch(/\p{Script=Han}|÷/u)
  })

  test('has goals, each with one limit and a figure', () => {
    const limits = table.goals.map(({ atMost, atLeast }) => [atMost, atLeast].filter(Number.isFinite).length)
    expect(limits).toEqual(limits.map(() => 1))
    expect(table.goals.filter(({ measured }) => !Number.isFinite(measured))).toEqual([])
    expect(table.goals).not.toEqual([])
  })
})

test.each(SUMMARY)("the README's row $en is a goal of $topic", ({ topic, goal, beside = goal }) => {
  const table = results.find((measured) => measured.topic === topic)?.table
  expect(table?.goals.map(({ what }) => phraseOf(what))).toContain(goal)
  expect(() => inChinese(beside.replace('#', '1'))).not.toThrow()
})

test('a goal that is missed is shown as missed, and the one beside it is not', () => {
  const goals = [
    { what: 'bundle of webhook', atMost: 180, measured: 181, unit: 'KB' },
    { what: 'bundle of employees', atMost: 450, measured: 450, unit: 'KB' },
  ]
  expect(summaryRows(ofGoals('size', goals))).toEqual([
    '| bundle of the webhook | 181 KB | – | – | ≤ 180 | ✗ |',
    '| bundle of employees | 450 KB | – | – | ≤ 450 | ✓ |',
  ])
})

test('a figure that could not be had misses its goal', () => {
  const goals = [{ what: 'bundle of webhook', atMost: 180, measured: Number.NaN, unit: 'KB' }]
  expect(summaryRows(ofGoals('size', goals))).toEqual(['| bundle of the webhook | – KB | – | – | ≤ 180 | ✗ |'])
})

test.each(topics)('without $name the rest is drawn', ({ name }) => {
  const others = drawn(results.filter(({ topic }) => topic !== name))
  expect([...others.keys()].sort()).toEqual([...DRAWN].sort())
  for (const text of others.values()) expect(text).not.toMatch(/NaN|Infinity|undefined/)
})

test('without any the documents say nothing of figures', () => {
  for (const text of drawn([]).values()) expect(text).not.toMatch(/NaN|Infinity|undefined/)
})

test('what there are no Chinese words for is an error, and no English in between', () => {
  expect(() => inChinese('12 unheard of')).toThrow('bench/draw/chinese.ts has no words for: # unheard of')
})

test.each([
  ['1,000 mixed', '1,000 条混合'],
  ['express 5 + mysql2', 'express 5 + mysql2'],
  ['calls of reconcile, 100,000 people ÷ fewest', 'reconcile（100,000 人）的调用次数 ÷ 最少次数'],
  ['5: 0.0341', '5: 0.0341'],
])('%s is %s', (english, chinese) => {
  expect(inChinese(english)).toBe(chinese)
})

test('contributors know each topic', () => {
  const { text } = readDocument('CONTRIBUTING.md')
  expect(topics.map(({ name }) => name).filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

function ofGoals(topic: string, goals: Measured['table']['goals']): Measured {
  const table = {
    title: 'Bundle size',
    text: 'Of index.js, as it is deployed.',
    head: ['function', 'KB'],
    rows: [],
    goals,
  }
  return { topic, date: '2026-11-26', machine: 'a machine', rounds: 3, table }
}

function summaryRows(measured: Measured): string[] {
  return (
    drawn([measured])
      .get('README.md')
      ?.match(/(?<=^\| \| ours .*\n\|-.*\n(?:\|.*\n)*)\|.*/gm) ?? []
  )
}
