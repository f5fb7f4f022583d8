import { counter, type OpenArea } from '../../../fuzz/area'
import { PERSONAL } from '../../../fuzz/draw/hostile'
import { mutatedJson } from '../../../fuzz/draw/mutate'
import { printTree, replaceAt, sizeOf, treeOf } from '../../../fuzz/draw/tree'
import { readLogLines, SECRETS } from '../../../fuzz/harness/secrets'
import { runArea } from '../../../fuzz/run'

const NOWHERE = { folder: '', bundles: () => Promise.reject(), database: () => Promise.reject() }

/** An area that is wrong in one thing. */
function areaThat(check: (text: string) => void, heldBytes = () => Promise.resolve(0)) {
  const { counts, count } = counter()
  const shown: string[] = []
  const open: OpenArea<unknown> = {
    ...{
      input: mutatedJson([{ userId: '1', name: '小明', department: [1] }]),
      counts,
      heldBytes,
      close: async () => {},
    },
    async check(input) {
      shown.push(String(input))
      count('sent')
      check(String(input))
    },
    show: String,
  }
  return { area: { name: 'wrong', requests: 1_000, open: async () => open }, shown, counts }
}

test.each<[string, (text: string) => boolean]>([
  ['a NUL', (text) => text.includes('\\u0000')],
  ['half of a surrogate pair', (text) => /\\ud800(?!\\u)/.test(text)],
  ['the prototype', (text) => text.includes('"__proto__"')],
  ['a name that comes twice', (text) => /"name":[^{}[\]]*,"name":/.test(text)],
  ['depth', (text) => text.includes('['.repeat(65))],
  ['digits beyond a double', (text) => /[^"\d]9{400}/.test(text)],
  ['SQL', (text) => text.includes('DROP TABLE')],
  ['a template', (text) => text.includes('${$.data.body.userId}')],
  ['the end of a line', (text) => text.includes('\\r\\nX-Injected')],
  ['Markdown', (text) => text.includes('[click](http')],
])('%s is drawn, and what fails by it is told with its seed, shrunk', async (_, isWrong) => {
  const { area } = areaThat((text) => {
    if (isWrong(text)) throw new Error('it is wrong')
  })
  const { findings } = await runArea(area, NOWHERE, { seed: 5 })
  expect(findings.length).toBeGreaterThan(0)
  expect(findings[0]).toMatch(/^wrong, seed \d+, path [\d:]+, shrunk \d+ times:\nError: it is wrong/)
})

test('the same seed and number draw the same, another seed draws others', async () => {
  const drawn = async (seed: number) => {
    const { area, shown } = areaThat(() => {})
    await runArea(area, NOWHERE, { seed, requests: 600 })
    return shown
  }
  const first = await drawn(1)
  expect(first).toHaveLength(600)
  expect(await drawn(1)).toEqual(first)
  expect(await drawn(2)).not.toEqual(first)
})

test('what is held and grows with the requests is a finding, in a run that is long enough to say so', async () => {
  let held = 0
  const growing = async () => {
    held += 20 * 1024 * 1024
    return held
  }
  const { area } = areaThat(() => {}, growing)
  expect((await runArea(area, NOWHERE, { seed: 1, requests: 1_000 })).findings).toEqual([])
  expect((await runArea(area, NOWHERE, { seed: 1, requests: 10_000 })).findings).toEqual([
    expect.stringMatching(/^wrong holds \d+ bytes more/),
  ])
})

test('it ends when it is stopped', async () => {
  const stop = new AbortController()
  const { area } = areaThat(() => stop.abort())
  expect(await runArea(area, NOWHERE, { seed: 1, stopping: stop.signal })).toMatchObject({
    requests: 500,
    findings: [],
  })
})

test.each<[string, string]>([
  ['two lines of one', '{"level":"info"}\nforged'],
  ['a sender’s own line', '{"level":"info"}\n{"forged":"a"}'],
  ['a stack', 'TypeError: a is not a function\n    at b'],
  ['a secret', `{"detail":"${SECRETS.apiSecret}"}`],
  ['what is personal', `{"name":"${PERSONAL}"}`],
  ['a line that a log service cuts', `{"eventId":"${'a'.repeat(20_000)}"}`],
])('%s is no log', (_, written) => {
  expect(() => readLogLines(written, ['eventId'])).toThrow()
})

test('a log is one line of JSON each, and its ids are told', () => {
  expect(readLogLines(`{"eventId":"${PERSONAL}"}\n{"a":1}\n`, ['eventId'])).toHaveLength(2)
})

test('every place of a tree can have another in it, and nothing else changes', () => {
  const value = { a: [1, { b: null }], c: 'd' }
  const tree = treeOf(value)
  expect(printTree(tree)).toBe(JSON.stringify(value))
  const printed = Array.from({ length: sizeOf(tree) }, (_, at) =>
    printTree(replaceAt(tree, at, () => ({ kind: 'leaf', text: '7' }))),
  )
  expect(printed).toEqual([
    '7',
    '{"a":7,"c":"d"}',
    '{"a":[7,{"b":null}],"c":"d"}',
    '{"a":[1,7],"c":"d"}',
    '{"a":[1,{"b":7}],"c":"d"}',
    '{"a":[1,{"b":null}],"c":7}',
  ])
})
