import fs from 'node:fs'
import path from 'node:path'
import { buildFunctions } from '../../../cli/build/buildFunctions'
import { areas } from '../../../fuzz/areas'
import { runArea } from '../../../fuzz/run'
import type { DatabaseAddress } from '../../../local/database/database'
import { createTestSchema, dropTestSchema } from '../../support/mariadb'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const bundles = path.join(folder, 'dist')
let schema: DatabaseAddress

beforeAll(async () => {
  await buildFunctions(bundles)
  schema = await createTestSchema()
})

afterAll(() => dropTestSchema(schema))

/** 2,000 in all; `npm run fuzz` sends as many as one likes. What an area must have seen, so that not all was refused. */
const RUNS: readonly [area: string, requests: number, ...seen: RegExp[]][] = [
  ['webhook', 700, /^token 200$/, /^apiSecret 200$/, /^callback 200$/, /^callback 401$/, /^none 400$/],
  ['gateway', 100, /^whole 200$/, /^\w+ 400$/, /^announced nothing$/],
  ['employees', 600, /^stored$/, /^deadLettered$/, /^ignored$/, /^person stored$/],
  ['eventbridge', 300, /^putEvents 200$/, /^putEvents 403$/, /^\w+ 409$/],
  ['pop', 300, /^\w+ 200$/, /^\w+ 400$/, /^\w+ 409$/],
]

// under `npm run test:mysql` those alone that meet a database
const chosen = process.env['TEST_MYSQL_PACKAGES'] ? RUNS.filter(([name]) => name === 'employees') : RUNS

test.each(chosen)('%s: of %i hostile inputs none breaks what is promised', async (name, requests, ...seen) => {
  const area = areas.find((one) => one.name === name)
  if (area === undefined) throw new Error(`no area ${name}`)
  const own = path.join(folder, name)
  fs.mkdirSync(own)
  const options = { folder: own, bundles: async () => bundles, database: async () => schema }
  const { findings, counts } = await runArea(area, options, { requests, seed: 17 })
  expect(findings).toEqual([])
  for (const what of seen) expect([...counts.keys()]).toContainEqual(expect.stringMatching(what))
})

test('every area is in the short run', () => {
  expect(RUNS.map(([name]) => name)).toEqual(areas.map(({ name }) => name))
})
