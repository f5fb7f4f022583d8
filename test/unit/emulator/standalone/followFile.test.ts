import fs from 'node:fs'
import path from 'node:path'
import { manualClock } from '../../../../emulator/main'
import { startEventBridge } from '../../../../emulator/standalone/startEventBridge'
import { temporaryFolder } from '../../../support/temporaryFolder'
import { waitFor } from '../../../support/waitFor'

const folder = temporaryFolder()
const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const rule = (name: string, type: string) =>
  `  - { RuleName: ${name}, FilterPattern: { type: [${type}] }, Targets: [{ Id: t, Type: acs.fc.function, Endpoint: "acs:fc:r:a:functions/handler", ParamList: [{ ResourceKey: Body, Form: ORIGINAL }] }] }\n`
const fileOf = (...rules: string[]) =>
  `EventBusName: bus\nRules:${rules.length === 0 ? ' []\n' : `\n${rules.join('')}`}`

/** A bus that follows a file in a folder of its own. */
async function follow(text: string, place = (dir: string) => path.join(dir, 'eventbridge.yaml')) {
  const dir = fs.mkdtempSync(path.join(folder, 'f-'))
  const config = place(dir)
  fs.writeFileSync(config, text)
  const clock = manualClock()
  const lines: string[] = []
  const seen: string[] = []
  const bus = await startEventBridge({
    ...{ config, clock, watch: true, log: (line: string) => lines.push(line) },
    targets: { handler: ({ type }) => seen.push(type) },
  })
  stops.push(bus.stop)
  await clock.advance(100)
  return {
    ...{ bus, clock, config, dir, lines, seen },
    /** The next line that is said, once the clock has passed what is waited for after an edit. */
    async told(): Promise<string | undefined> {
      await waitFor(async () => {
        await clock.advance(100)
        return lines.length > 0
      })
      return lines.shift()
    },
    /** The types of events that the rules take now. */
    async taken(...types: string[]) {
      seen.length = 0
      await bus.publish(types.map((type) => ({ type })))
      await bus.settled()
      return [...seen].sort()
    },
  }
}

test('what is added, changed and removed is taken over, and said in a line', async () => {
  const { config, told, taken, lines } = await follow(fileOf(rule('one', 'a'), rule('two', 'b')))
  expect(await taken('a', 'b', 'c', 'd')).toEqual(['a', 'b'])
  fs.writeFileSync(config, fileOf(rule('two', 'd'), rule('three', 'c')))
  expect(await told()).toBe('eventbridge.yaml is taken over; added: rule three; changed: rule two; removed: rule one.')
  expect(await taken('a', 'b', 'c', 'd')).toEqual(['c', 'd'])
  expect(lines).toEqual([])
})

test('a file that another is put in place of, again and again', async () => {
  const { config, told, taken } = await follow(fileOf())
  for (const type of ['a', 'b', 'c']) {
    fs.writeFileSync(`${config}.tmp`, fileOf(rule('one', type)))
    fs.renameSync(`${config}.tmp`, config)
    await told()
    expect(await taken('a', 'b', 'c')).toEqual([type])
  }
})

test('an edit in several steps is taken over once', async () => {
  const { config, told, clock, lines } = await follow(fileOf(rule('one', 'a')))
  fs.writeFileSync(config, '')
  await waitFor(() => (clock.next() ?? 1_000) <= 100)
  fs.writeFileSync(config, fileOf(rule('one', 'b')))
  expect(await told()).toBe('eventbridge.yaml is taken over; changed: rule one.')
  expect(lines).toEqual([])
})

test('a bad edit is reported with its line and changes nothing; the next good one is taken over', async () => {
  const { config, told, taken } = await follow(fileOf(rule('one', 'a')))
  fs.writeFileSync(config, fileOf(rule('two', 'b'), rule('two', 'c')).replace('type', 'typ'))
  const line = await told()
  expect(line).toMatch(/eventbridge\.yaml:2:1 Rules: the RuleName two is given twice/)
  expect(line).toMatch(/eventbridge\.yaml is not taken over: what it said before stays\.$/)
  expect(await taken('a', 'b', 'c')).toEqual(['a'])
  fs.writeFileSync(config, fileOf(rule('two', 'b')))
  expect(await told()).toBe('eventbridge.yaml is taken over; added: rule two; removed: rule one.')
})

test('an edit that changes no rule', async () => {
  const { config, told } = await follow(fileOf(rule('one', 'a')))
  fs.appendFileSync(config, '# a remark\n')
  expect(await told()).toBe('eventbridge.yaml is taken over, and nothing has changed.')
})

test('a file that vanishes and comes back, as it was or another', async () => {
  const { config, told, taken } = await follow(fileOf(rule('one', 'a')))
  const text = fs.readFileSync(config)
  fs.rmSync(config)
  expect(await told()).toBe('eventbridge.yaml is gone: what it said stays until it is back.')
  expect(await taken('a')).toEqual(['a'])
  fs.writeFileSync(config, text)
  expect(await told()).toBe('eventbridge.yaml is back, and nothing has changed.')
  fs.rmSync(config)
  await told()
  fs.writeFileSync(config, fileOf(rule('one', 'b')))
  expect(await told()).toBe('eventbridge.yaml is back; changed: rule one.')
})

test('a folder that is removed, and made again', async () => {
  const { config, dir, told, clock, taken } = await follow(fileOf(rule('one', 'a')))
  fs.rmSync(dir, { recursive: true })
  expect(await told()).toMatch('is gone')
  await clock.advance(5_000)
  fs.mkdirSync(dir)
  fs.writeFileSync(config, fileOf(rule('one', 'b')))
  expect(await told()).toBe('eventbridge.yaml is back; changed: rule one.')
  expect(await taken('a', 'b')).toEqual(['b'])
  fs.writeFileSync(config, fileOf(rule('one', 'c')))
  expect(await told()).toBe('eventbridge.yaml is taken over; changed: rule one.')
})

test('a link is followed: what it leads to is edited, or it is laid anew', async () => {
  const place = (dir: string) => {
    fs.mkdirSync(path.join(dir, 'real'))
    fs.symlinkSync(path.join('real', 'rules.yaml'), path.join(dir, 'eventbridge.yaml'))
    return path.join(dir, 'eventbridge.yaml')
  }
  const { dir, told, taken } = await follow(fileOf(), place)
  fs.writeFileSync(path.join(dir, 'real', 'rules.yaml'), fileOf(rule('one', 'a')))
  expect(await told()).toBe('eventbridge.yaml is taken over; added: rule one.')
  fs.writeFileSync(path.join(dir, 'other.yaml'), fileOf(rule('one', 'b')))
  fs.symlinkSync('other.yaml', path.join(dir, 'next'))
  fs.renameSync(path.join(dir, 'next'), path.join(dir, 'eventbridge.yaml'))
  expect(await told()).toBe('eventbridge.yaml is taken over; changed: rule one.')
  expect(await taken('a', 'b')).toEqual(['b'])
})

test('a delivery under way goes on, and its retry goes by the rule as it is then', async () => {
  const config = path.join(fs.mkdtempSync(path.join(folder, 'f-')), 'eventbridge.yaml')
  fs.writeFileSync(config, fileOf(rule('one', 'a')))
  const clock = manualClock()
  let release: ((answer: string) => void) | undefined
  const bus = await startEventBridge({
    ...{ config, clock },
    targets: {
      handler: () =>
        new Promise((resolve) => {
          release = resolve
        }),
    },
  })
  stops.push(bus.stop)
  await bus.publish({ type: 'a' })
  const settled = bus.settled()
  await waitFor(() => release !== undefined)
  fs.writeFileSync(config, fileOf(rule('one', 'b')))
  expect(bus.reload()).toEqual({ added: [], changed: ['rule one'], removed: [] })
  release?.('done')
  await settled
  expect(bus.deliveries()).toMatchObject([{ state: 'delivered', attempts: 1, answer: 'done' }])
})

test('reload() throws for a bad file, and nothing has changed', async () => {
  const { bus, config, taken } = await follow(fileOf(rule('one', 'a')))
  fs.writeFileSync(config, 'EventBusName: [')
  expect(() => bus.reload()).toThrow(/eventbridge\.yaml:1:/)
  expect(await taken('a')).toEqual(['a'])
  fs.rmSync(config)
  expect(() => bus.reload()).toThrow('is not there')
})

test('what was made by API stays as it is', async () => {
  const { bus, config, taken } = await follow(fileOf(rule('one', 'a')))
  const before = bus.exportState()
  fs.writeFileSync(config, fileOf())
  expect(bus.reload().removed).toEqual(['rule one'])
  fs.writeFileSync(config, fileOf(rule('one', 'a')))
  bus.reload()
  expect(await taken('a')).toEqual(['a'])
  expect(
    JSON.parse(before).tables.resources.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`),
  ).toEqual(
    JSON.parse(bus.exportState()).tables.resources.map(
      ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`,
    ),
  )
})
