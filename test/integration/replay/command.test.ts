import fs from 'node:fs'
import path from 'node:path'
import { openStore } from '../../../emulator/store/store'
import { mysqlVariables } from '../../../local/database/database'
import { writeEnvFile } from '../../../shared/envFile'
import { shippedMappings } from '../../support/mapping'
import { runCli } from '../../support/stackProcess'
import { acceptedEvent } from '../../support/store'
import { temporaryFolder } from '../../support/temporaryFolder'
import { openPlayground, type Playground } from '../migrate/playground'

const localDir = temporaryFolder()
const eventBridge = {
  EVENTBRIDGE_ENDPOINT: 'http://127.0.0.1:1',
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'id',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'secret',
}
let db: Playground

beforeAll(async () => {
  db = await openPlayground()
  await db.migrate(shippedMappings)
  for (const id of ['buried', 'hopeless']) {
    const event = JSON.stringify({ id, source: 's' })
    await db.query(
      `INSERT INTO dead_letters (digest, source, eventId, reason, event) VALUES ('${id}', 's', '${id}', 'r', '${event}')`,
    )
  }
  writeEnvFile(path.join(localDir, 'env'), {
    ORIGIN: 'http://127.0.0.1:1',
    ...eventBridge,
    ...mysqlVariables(db.schema),
  })
  fs.mkdirSync(path.join(localDir, 'eventbridge'))
  const store = openStore(path.join(localDir, 'eventbridge', 'store.db'))
  await store.accept([acceptedEvent({ id: 'recorded' })])
  store.close()
})

afterAll(() => db.close())

const onStack = () => ({ LOCAL_DIR: localDir })
const onDatabase = () => ({ ...mysqlVariables(db.schema), ...eventBridge })

test.each<[string, string, number, () => Record<string, string>, RegExp]>([
  ['the local stack', 'recorded', 0, onStack, /\n {2}recorded {2}no action {2}–\n1 event to replay\.\n$/],
  ['the local stack', 'buried', 0, onStack, /\n {2}buried {2}no action {2}– {2}r\n1 event to replay\.\n$/],
  [
    'the local stack',
    'nope',
    1,
    onStack,
    /\nNeither the local stack's event trace nor the table dead_letters has .*\n$/,
  ],
  ['a database', 'buried', 0, onDatabase, /\n {2}buried {2}no action {2}– {2}r\n1 event to replay\.\n$/],
  ['a database', 'recorded', 1, onDatabase, /\nNo row of the table dead_letters has an event of this id\.\n$/],
])('on %s: --event %s has exit code %i', async (_, id, code, environment, output) => {
  const ran = await runCli('replay', ['--event', id, '--plan'], environment())
  expect(ran).toEqual({ code, output: expect.stringMatching(output) })
})

test('--discard: what can never be stored goes, once that is meant', async () => {
  const discard = (...args: string[]) => runCli('replay', ['--discard', ...args], mysqlVariables(db.schema))
  const asked = await discard('hopeless')
  expect(asked.code).toBe(1)
  expect(asked.output).toMatch(/\n {2}hopeless {2}no action {2}– {2}r\nNothing was done\. Add --yes/)
  expect((await discard('hopeless', '--yes')).output).toMatch(/\n {2}hopeless {2}no action {2}– {2}r\nDeleted\.\n$/)
  expect(await discard('hopeless', '--yes')).toEqual({
    code: 1,
    output: expect.stringMatching(/\nNo dead letter has an event of this id\.\n$/),
  })
})
