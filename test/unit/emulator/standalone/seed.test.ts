import fs from 'node:fs'
import path from 'node:path'
import { type StartOptions, startEventBridge } from '../../../../emulator/main'
import { readSeed } from '../../../../emulator/standalone/seed'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const a = { id: 'a', source: 's', type: 't', specversion: '1.0', data: { text: 'one, [two] {three} "four"\n' } }
const b = { id: 'b', data: [1, [2]] }

test.each<[string, string, string[]]>([
  ['an array', JSON.stringify([a, b]), ['f:1', 'f:1']],
  ['an array over several lines', JSON.stringify([a, b], null, 2), ['f:2', 'f:11']],
  ['lines', `${JSON.stringify(a)}\n${JSON.stringify(b)}\n`, ['f:1', 'f:2']],
  ['lines of Windows, some of them empty', `\r\n${JSON.stringify(a)}\r\n\r\n${JSON.stringify(b)}`, ['f:2', 'f:4']],
  ['lines behind a byte order mark', `\uFEFF${JSON.stringify(a)}\n${JSON.stringify(b)}`, ['f:1', 'f:2']],
])('the events of %s', (_, text, places) => {
  const read = readSeed(text, 'f')
  expect(read.map(({ event }) => event)).toEqual([a, b])
  expect(read.map(({ place }) => place)).toEqual(places)
})

test.each([JSON.stringify(a), JSON.stringify(a, null, 2)])('one CloudEvent alone', (text) => {
  expect(readSeed(text, 'f').map(({ event }) => event)).toEqual([a])
})

test.each(['', '\n', '[]', ' [ ]\n'])('a file without events: %j', (text) => {
  expect(readSeed(text, 'f')).toEqual([])
})

test.each<[string, string, string]>([
  [
    'a line that is no JSON',
    `${JSON.stringify(a)}\n{"id": }\n${JSON.stringify(b)}\n{"id"`,
    'f:2 is no JSON\nf:4 is no JSON',
  ],
  ['an element that is no JSON', `[\n${JSON.stringify(a)},\n{"id": x},\n${JSON.stringify(b)}]`, 'f:3 is no JSON'],
  ['an element that is none', `[\n${JSON.stringify(a)},\n\n"text"]`, 'f:4 is no CloudEvent'],
  ['a line that is a list', `${JSON.stringify(a)}\n[1]`, 'f:2 is no CloudEvent'],
  ['an array that does not end', `[\n${JSON.stringify(a)}\n`, 'f:2 is no JSON'],
  ['something behind the array', `[${JSON.stringify(a)}]\nmore`, 'f:2 is no JSON'],
  ['one nested too deep', `{"data":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, 'f:1 is nested deeper than 500 levels'],
  ['a text', '"text"', 'f:1 is no CloudEvent'],
  ['a broken object', '{\n"id": "a",\n', 'f:1 is no JSON'],
])('%s is named by its line', (_, text, fault) => {
  expect(() => readSeed(text, 'f')).toThrow(fault)
})

describe('at the start', () => {
  const start = async (options: StartOptions) => {
    const bus = await startEventBridge(options)
    const ids = bus.events().map(({ event }) => event.id)
    await bus.stop()
    return ids
  }
  const seedFile = (name: string, ...lines: object[]) => {
    const file = path.join(folder, name)
    fs.writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'))
    return file
  }

  test('they are published once in a folder, those that are new alone, and all of them when that is asked for', async () => {
    const dir = path.join(folder, 'once')
    const seed = seedFile('once.jsonl', a, b)
    expect(await start({ dir, seed })).toEqual(['a', 'b'])
    expect(await start({ dir, seed })).toEqual(['a', 'b'])
    seedFile('once.jsonl', a, b, { id: 'c' })
    expect(await start({ dir, seed })).toEqual(['a', 'b', 'c'])
    expect(await start({ dir, seed, seedAgain: true })).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
    expect(await start({ dir, seed: [{ id: 'd' }, b] })).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'd'])
  })

  test('two that are the same are two', async () => {
    expect(await start({ seed: [b, b] })).toEqual(['b', 'b'])
  })

  test('what EventBridge would refuse is named by its line, and nothing is published', async () => {
    const dir = path.join(folder, 'refused')
    const seed = seedFile(
      'refused.jsonl',
      a,
      { id: 'b', source: '' },
      { id: '' },
      { id: 'd', aliyuneventbusname: 'none' },
    )
    await expect(startEventBridge({ dir, seed })).rejects.toThrow(
      /refused\.jsonl:2 EventSourceInvalid: .*\n.*refused\.jsonl:3 EventIdEmpty: .*\n.*:4 EventBusNotExist: /,
    )
    expect(await start({ dir })).toEqual([])
  })

  test('a file that is not there', async () => {
    await expect(startEventBridge({ seed: path.join(folder, 'none') })).rejects.toThrow('cannot be read (ENOENT)')
  })

  test('handlers get them', async () => {
    const seen: string[] = []
    const bus = await startEventBridge({
      seed: [a],
      rules: [{ pattern: {}, targets: 'handler' }],
      targets: { handler: ({ id }) => seen.push(id) },
    })
    await bus.settled()
    expect(seen).toEqual(['a'])
    await bus.stop()
  })
})
