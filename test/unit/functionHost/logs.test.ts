import { waitFor } from '../../support/waitFor'
import { startHost, stopHosts } from './hosts'

afterEach(stopHosts)

test.each<[string, string, string[]]>([
  ['console.log and its kin', 'console.log("a"); console.info("b"); console.debug({ c: 1 })', ['a', 'b', '{ c: 1 }']],
  ['console.error and console.warn', 'console.error("a"); console.warn("小明")', ['a', '小明']],
  ['a text of many lines', 'console.log("one\\ntwo\\n\\nfour")', ['one', 'two', '', 'four']],
  ['a line in pieces', 'process.stdout.write("ha"); process.stdout.write(Buffer.from("lf\\n"))', ['half']],
  [
    'pieces on two streams',
    'process.stdout.write("o"); console.error("e"); process.stdout.write("ut\\n")',
    ['e', 'out'],
  ],
])('%s: each line is logged', async (_name, statements, lines) => {
  const host = startHost(`exports.handler = () => { ${statements} }`)
  await host.invoke(Buffer.from('{}'), 'r')
  expect(host.lines).toEqual(lines)
})

test('write calls back', async () => {
  const host = startHost(
    'exports.handler = () => new Promise((done) => process.stderr.write("x\\n", "utf8", () => done("back")))',
  )
  expect(await host.invoke(Buffer.from('{}'), 'r')).toEqual({ body: Buffer.from('back') })
})

test.each([
  ['an endless loop', 'for (;;);', 2000],
  ['process.exit', 'process.exit(1)', 60_000],
])('no line before %s is lost, nor one without an end', async (_name, statement, timeoutMs) => {
  const host = startHost(
    `exports.handler = () => { for (let i = 0; i < 100; i++) console.log(i); process.stdout.write('end'); ${statement} }`,
    { timeoutMs },
  )
  await host.invoke(Buffer.from('{}'), 'r')
  await waitFor(() => host.instances() === 0)
  const written = host.lines.filter((line) => !line.startsWith('Request r failed'))
  expect(written).toEqual([...Array.from({ length: 100 }, (_, index) => String(index)), 'end'])
})

test('what is written while the bundle loads is logged too', async () => {
  const host = startHost('console.log("loading"); exports.handler = () => console.log("handling")')
  await host.invoke(Buffer.from('{}'), 'r')
  expect(host.lines).toEqual(['loading', 'handling'])
})

test.each([
  ['an exception', 'throw new RangeError("far")', 'Request r-7 failed: RangeError: far'],
  [
    'an exit',
    'process.exit(2)',
    'Request r-7 failed: Process exited unexpectedly before completing request (exit code: 2)',
  ],
])('a request that fails by %s is logged in one line', async (_name, statement, line) => {
  const host = startHost(`exports.handler = async () => { ${statement} }`)
  await host.invoke(Buffer.from('{}'), 'r-7')
  expect(host.lines).toEqual([line])
})
