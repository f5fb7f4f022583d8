import { endColumn } from '../../../shared/mapping/endColumn'
import { mostLeavers } from '../../../shared/mapping/leaverLimit'
import { pathsOf, type Source } from '../../../shared/mapping/mapping'
import { readMapping } from '../../support/mapping'
import { good } from './good'

test.each<[string, Source, unknown[]]>([
  ['a path', { path: ['a'] }, [['a']]],
  ['a template', { template: ['x', ['a'], '-', ['b', 0]] }, [['a'], ['b', 0]]],
  ['a template without paths', { template: ['x'] }, []],
  ['a constant', { constant: 'x' }, []],
  ['the time', { time: true }, []],
])('where %s looks', (_, source, paths) => {
  expect(pathsOf(source)).toEqual(paths)
})

test.each<[string, string, string, string | undefined]>([
  ['the one that an event ends by', 'key:', '  gone: { ends: goneAt }\nkey:', 'goneAt'],
  ['without such an event, the one that is called so', 'events:', 'events:', 'leftAt'],
  ['none where there is none', 'leftAt: { slot: 3', 'seenAt: { slot: 3', undefined],
])('the column that says since when something has ended is %s', (_, part, instead, name) => {
  const text = `${good}  goneAt: { slot: 4, type: DATETIME(3), as: time }\n`.replace('leftAt: null', 'name: x')
  expect(endColumn(readMapping(text.replace(part, instead), 'mapping.yaml'))?.name).toBe(name)
})

test.each([
  [5, 2, 0, 5],
  [5, 2, 299, 5],
  [5, 2, 300, 6],
  [5, 2, 349, 6],
  [0, 2.5, 1_000, 25],
  [3, 0, 1_000, 3],
])('of %d or %d %% of %d as many as %d may have left', (count, percent, range, most) => {
  expect(mostLeavers({ count, percent }, range)).toBe(most)
})
