import fs from 'node:fs'
import path from 'node:path'
import { createEventBridgeClient } from '../../shared/eventbridge/client'
import { eventBridgeProcesses } from '../support/eventBridgeProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const folder = temporaryFolder()
const start = eventBridgeProcesses()

test.each<[string, (place: string) => void]>([
  ['removed', (place) => fs.rmSync(place, { recursive: true })],
  ['moved away', (place) => fs.renameSync(place, `${place}.old`)],
  [
    'replaced',
    (place) => {
      fs.renameSync(place, `${place}.old`)
      fs.cpSync(`${place}.old`, place, { recursive: true })
    },
  ],
  ['bereft of the event store', (place) => fs.rmSync(path.join(place, 'eventbridge'), { recursive: true })],
  ['left with an empty event store', (place) => fs.truncateSync(path.join(place, 'eventbridge/store.db'))],
])('a LOCAL_DIR that is %s while it runs: no event is acknowledged, and it says why and ends', async (title, lose) => {
  const localDir = path.join(folder, title)
  const place = path.join(localDir, 'eventbridge-alone')
  const { url, env, ended, output } = await start(localDir)
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId = '', ALIBABA_CLOUD_ACCESS_KEY_SECRET: accessKeySecret = '' } = env
  const client = createEventBridgeClient(new URL(url))
  const put = (id: string) =>
    client.putEvents(
      [`{"id":"${id}","source":"my.dingtalk","specversion":"1.0","type":"t","aliyuneventbusname":"dingtalk"}`],
      { credentials: { accessKeyId, accessKeySecret }, deadline: performance.now() + 10_000 },
    )
  await put('before')
  lose(place)
  const others = fs.existsSync(place) ? fs.readdirSync(place) : []
  await expect(put('after')).rejects.toThrow()
  client.close()
  expect(await ended()).toBe(1)
  expect(output()).toMatch(
    /^\/.+ was (removed or replaced|cut off) while this runs\. Start it again: npm run eventbridge$/m,
  )
  expect(output()).not.toMatch(/^ {4}at /m)
  // what lies in a folder that was put there is another's
  if (title === 'replaced') expect(fs.readdirSync(place)).toEqual(others)
})
