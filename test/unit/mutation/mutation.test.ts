import fs from 'node:fs'
import path from 'node:path'
import { partNamed, partNames } from '../../../mutation/parts'
import type { MutantStatus, Report } from '../../../mutation/runStryker'
import { scoreOf, scoresTable, survivorsText } from '../../../mutation/scores'
import { PROJECT } from '../../support/documents'

const SOURCE = "const a = 1\nif (a > 1) {\n  say('more')\n}\n"

function reportOf(...statuses: MutantStatus[]): Report {
  const location = { start: { line: 2, column: 5 }, end: { line: 2, column: 10 } }
  const mutants = statuses.map((status) => ({
    status,
    location,
    mutatorName: 'EqualityOperator',
    replacement: 'a >= 1',
  }))
  return { files: { 'shared/a.ts': { source: SOURCE, mutants } } }
}

test.each<[string, MutantStatus[], number, number]>([
  ['nothing to change', [], 100, 100],
  ['all were noticed', ['Killed', 'Timeout'], 100, 100],
  ['one was not', ['Killed', 'Survived'], 50, 50],
  ['one that no test reaches', ['Killed', 'NoCoverage'], 50, 100],
  ['what is left out, or is no program, counts for nothing', ['Killed', 'Ignored', 'CompileError'], 100, 100],
  [
    'just below a goal',
    [...Array<MutantStatus>(1_699).fill('Killed'), ...Array<MutantStatus>(301).fill('Survived')],
    84.9,
    84.9,
  ],
])('the score where %s', (_, statuses, percent, percentOfCovered) => {
  expect(scoreOf('shared', reportOf(...statuses), 0)).toMatchObject({ percent, percentOfCovered })
})

test('survivors are told with what they were and became, the others are not', () => {
  const scores = [scoreOf('shared', reportOf('Killed', 'Survived', 'Ignored', 'NoCoverage'), 0)]
  expect(survivorsText(scores).split('\n')).toEqual([
    'shared/a.ts:2:5 Survived EqualityOperator: a > 1 → a >= 1',
    'shared/a.ts:2:5 NoCoverage EqualityOperator: a > 1 → a >= 1',
    '',
  ])
})

test('one that spans lines is told in one', () => {
  const location = { start: { line: 2, column: 12 }, end: { line: 4, column: 2 } }
  const mutants = [{ status: 'Survived', location, mutatorName: 'BlockStatement', replacement: '{}' } as const]
  const score = scoreOf('shared', { files: { 'shared/a.ts': { source: SOURCE, mutants } } }, 0)
  expect(survivorsText([score])).toBe("shared/a.ts:2:12 Survived BlockStatement: { say('more') } → {}\n")
})

test('the table has a line for each part', () => {
  const lines = scoresTable([scoreOf('shared', reportOf('Killed', 'Survived'), 90_000)]).split('\n')
  expect(lines[1]?.trim().split(/ {2,}/)).toEqual(['shared', '50 %', '50 %', '1', '0', '1', '0', '0', '2 min'])
})

test.each(partNames)('%s is there, and so are the tests that should notice', (name) => {
  const { mutate, tests } = partNamed(path.join(PROJECT, name), PROJECT)
  expect(mutate).toBe(name)
  expect(tests).not.toEqual([])
  for (const test of tests) {
    const place = path.join(PROJECT, 'test', test)
    expect([test, fs.existsSync(place) || fs.existsSync(`${place}.test.ts`)]).toEqual([test, true])
  }
})

test.each(['local', 'sharedX', 'shared/no.ts', '..', 'functions', 'shared/../local'])('%s is no part', (name) => {
  expect(() => partNamed(path.join(PROJECT, name), PROJECT)).toThrow('There is no ')
})

test.each<[string, string[], string]>([
  ['shared', ['shared/mapping', 'shared/mapping/firstFormat.ts', 'shared/dingtalk', 'shared/eventbridge'], 'shared'],
  ['shared/json.ts', [], 'shared'],
  ['shared/mapping', ['shared/mapping/firstFormat.ts'], 'mapping'],
  ['shared/mapping/firstFormat.ts', [], 'mapping'],
  ['shared/mapping/version.ts', [], 'mapping'],
])('what is changed of %s: nothing of %j, and the tests of %s notice', (name, without, tests) => {
  expect(partNamed(path.join(PROJECT, name), PROJECT)).toEqual({
    mutate: name,
    without,
    tests: expect.arrayContaining([`unit/${tests}`]),
  })
})
