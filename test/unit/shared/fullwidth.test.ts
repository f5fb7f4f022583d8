import fs from 'node:fs'
import path from 'node:path'
import * as z from 'zod/mini'
import { readServerlessFile } from '../../../local/project/serverlessFile'
import { fullwidthSyntax } from '../../../shared/fullwidth'
import { readMappings } from '../../../shared/mapping/readMappings'
import { readYaml } from '../../../shared/yaml'
import { allDocuments, PROJECT } from '../../support/documents'

test.each([
  ['table：user_info', 1, 6, 'the fullwidth ：, where : is meant'],
  ['a: 1\nevents:\n  user_add_org： {}', 3, 15, 'the fullwidth ：, where : is meant'],
  ['a: { b： 1 }', 1, 7, 'the fullwidth ：, where : is meant'],
  ['from: [.name，.title]', 1, 13, 'the fullwidth ，, where , is meant; in quotes it is text'],
  ['source: [my.dingtalk、other]', 1, 21, 'the fullwidth 、, where , is meant; in quotes it is text'],
  ['from: “.name”', 1, 7, 'the typographic “, where " is meant; in quotes it is text'],
  ['a: { b: ‘x’ }', 1, 9, "the typographic ‘, where ' is meant; in quotes it is text"],
  ['- “x”', 1, 3, 'the typographic “, where " is meant; in quotes it is text'],
  ['parts:\n  － path: .x', 2, 3, 'the fullwidth －, where - is meant'],
  ['parts:\n— path: .x', 2, 1, 'the typographic —, where - is meant'],
  ['a:\n　b: 1', 2, 1, 'a fullwidth space, where a plain one is meant'],
  ['a:　1', 1, 3, 'a fullwidth space, where a plain one is meant'],
  ['＃ a comment', 1, 1, 'the fullwidth ＃, where # is meant'],
  ['a: 1 ＃ a comment', 1, 6, 'the fullwidth ＃, where # is meant'],
  ['from: ［.a］', 1, 7, 'the fullwidth ［, where [ is meant; in quotes it is text'],
  // the first of each line
  ['－ a： 1', 1, 1, 'the fullwidth －, where - is meant'],
  ['a：“x”', 1, 2, 'the fullwidth ：, where : is meant'],
  ['a: ["xy", b，c]', 1, 12, 'the fullwidth ，, where , is meant; in quotes it is text'],
  ['a: $｛region｝', 1, 5, 'the fullwidth ｛, where { is meant; in quotes it is text'],
])('%j has at %i:%i %s', (text, line, column, message) => {
  expect(fullwidthSyntax(text)).toEqual([{ line, column, message }])
  const [own] = fullwidthSyntax(text)
  expect(() => readYaml(text, 'x.yaml', z.any())).toThrow(`x.yaml:${line}:${column} ${own?.message}`)
})

test.each([
  'Description: 员工，离职；“同步”－全部：一',
  '# 注释：一，二',
  "a: '：'",
  'a: "“x”，y"',
  'a: { Value: 你好，世界 }',
  'Description: DingTalk’s events',
  'a: x—y',
  'Description: |\n  name：x，y\n\n  ＃ “规则”：[a，b]\nb: 1',
  'a: |\n    x\n \n    b：c\nd: 1',
  'Rules:\n  - Description: >-  # 说明\n      ［a，b］\n    Status: ENABLE',
])('what is text keeps its own: %s', (text) => {
  expect(fullwidthSyntax(text)).toEqual([])
})

test('what comes behind a text of several lines is looked at again', () => {
  const text = 'Rules:\n  - Description: |+\n      a，b\n\n    Status： ENABLE\n'
  expect(fullwidthSyntax(text)).toEqual([{ line: 5, column: 11, message: 'the fullwidth ：, where : is meant' }])
})

test('none of the files that are shipped, nor of the examples in the documents, has any', () => {
  const files = [
    'mapping.yaml',
    'eventbridge.yaml',
    's.yaml',
    ...fs.readdirSync(path.join(PROJECT, 'examples')).map((name) => `examples/${name}`),
  ]
  for (const file of files.filter((name) => name.endsWith('.yaml'))) {
    expect([file, fullwidthSyntax(fs.readFileSync(path.join(PROJECT, file), 'utf8'))]).toEqual([file, []])
  }
  for (const { name, text } of allDocuments()) {
    for (const [, example = ''] of text.matchAll(/```yaml\n(.*?)```/gs))
      expect([name, fullwidthSyntax(example)]).toEqual([name, []])
  }
})

test('s.yaml, and what mapping.yaml has within its texts', () => {
  expect(() => readServerlessFile('edition: 3.0.0\nname： x')).toThrow(/^s\.yaml:2:5 the fullwidth ：/)
  const mapping = fs.readFileSync(path.join(PROJECT, 'mapping.yaml'), 'utf8')
  const withName = (line: string) => () =>
    readMappings(mapping.replace(/^ {2}title:\n.*\n.*\n.*$/m, `  title: ${line}`), 'mapping.yaml')
  expect(withName('{ slot: 11, type: VARCHAR（200） NULL, from: .title }')).toThrow(
    /^mapping\.yaml:\d+:\d+ columns\.title\.type: has the fullwidth （, where \( is meant$/,
  )
  expect(withName('{ slot: 11, type: VARCHAR(200) NULL, from: .title．x }')).toThrow(
    /^mapping\.yaml:\d+:\d+ columns\.title\.from: "\$\.title．x" has the fullwidth ．, where \. is meant$/,
  )
  expect(
    withName(`{ slot: 11, type: "VARCHAR(200) NULL COMMENT '职位（全称）'", from: "$.data.body['职位（全称）']" }`),
  ).not.toThrow()
})
