import { TestEventPatternRequest } from '@alicloud/eventbridge'
import vectors from '../../fixtures/event-patterns.json'
import { emulators, type TestEmulator } from '../../support/emulator'

const startEmulator = emulators()
let emulator: TestEmulator

beforeAll(async () => {
  emulator = await startEmulator()
})

const run = (eventPattern: string, event: string) =>
  emulator.sdk().testEventPattern(new TestEventPatternRequest({ eventPattern, event }))

test.each(vectors.match.map((vector) => [vector.note, vector] as const))('%s', async (_, vector) => {
  const answer = await run(JSON.stringify(vector.pattern), JSON.stringify(vector.event))
  expect(answer.result).toBe(vector.matches)
})

test.each([
  ['9007199254740993', true],
  ['9007199254740992', false],
])('an id beyond 2^53 against %s: %j', async (id, matches) => {
  expect((await run('{"data":{"id":[9007199254740993]}}', `{"data":{"id":${id}}}`)).result).toBe(matches)
})

test.each<[string, string, string, string]>([
  ['no pattern', '', '{}', 'EventRuleFilterPatternEmpty'],
  ['a pattern that is no JSON', '{', '{}', 'EventRuleFilterPatternSchemaError'],
  ['a pattern that is no object', '[]', '{}', 'EventRuleFilterPatternSchemaError'],
  ['no event', '{}', '', 'JsonAttributeInvalid'],
  ['an event that is no JSON', '{}', '{', 'JsonAttributeInvalid'],
  ['an event that is no object', '{}', '[]', 'JsonAttributeInvalid'],
])('refused: %s', async (_, pattern, event, code) => {
  await expect(run(pattern, event)).rejects.toMatchObject({ code })
})

test('an invalid pattern is refused with its place and reason', async () => {
  const pattern = JSON.stringify({ data: { state: [{ wildcard: 'r*' }] } })
  await expect(run(pattern, '{}')).rejects.toMatchObject({ message: expect.stringContaining('data.state[0]') })
})
