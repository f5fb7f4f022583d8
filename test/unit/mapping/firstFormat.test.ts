import { isGenerated } from '../../../shared/mapping/describeTable'
import { FIRST_VERSIONS, fromFirstLetters, hasFirstVersions } from '../../../shared/mapping/firstFormat'
import { VERSIONS } from '../../../shared/mapping/tables'
import { described } from './described'

const OF_FIRST = { type: 'varbinary(1024)' }
const COMPUTED = { extra: 'STORED GENERATED' }
const id = described('id', { isKey: true })

test.each<[string, boolean]>([
  ['VIRTUAL GENERATED', true],
  ['STORED GENERATED', true],
  ['PERSISTENT', true],
  ['auto_increment', false],
  ['', false],
])('a column with the extra "%s" is computed: %s', (extra, expected) => {
  expect(isGenerated(described('c', { extra }))).toBe(expected)
})

test.each<[string, Parameters<typeof hasFirstVersions>[0], boolean]>([
  ['its versions', [id, described(FIRST_VERSIONS, OF_FIRST)], true],
  ['the new ones computed from them', [id, described(FIRST_VERSIONS, OF_FIRST), described(VERSIONS, COMPUTED)], true],
  ['the new ones computed, and the old ones gone', [id, described(VERSIONS, COMPUTED)], true],
  ['both, and the new ones its own', [id, described(FIRST_VERSIONS, OF_FIRST), described(VERSIONS)], false],
  ['a column of that name and of another type', [id, described(FIRST_VERSIONS)], false],
  ['none', [id], false],
])('a table is of 0.1.0 that has %s', (_, columns, expected) => {
  expect(hasFirstVersions(columns)).toBe(expected)
})

describe('dead letters', () => {
  const wanted = [id, described('digest', { type: 'binary(32)' }), described('eventId')]
  const asked = async (there: typeof wanted) => {
    const database = { execute: async () => [[], []] }
    return await fromFirstLetters(database, there, wanted)
  }

  test('whose digest is computed get one of their own, and the undo lets functions of then write on', async () => {
    const { statements, columns } = await asked([id, described('digest', COMPUTED), described('eventId')])
    expect(statements).toEqual([
      {
        sql: 'ALTER TABLE `dead_letters` MODIFY COLUMN `digest` BINARY(32) NOT NULL',
        undo: 'ALTER TABLE `dead_letters` MODIFY COLUMN `digest` BINARY(32) NULL',
      },
    ])
    expect(columns.find(({ name }) => name === 'digest')).toEqual(wanted[1])
  })

  test.each([
    ['of now', wanted],
    ['that are no letters', [id, described('text')]],
  ])('%s stay as they are', async (_, there) => {
    expect(await asked(there)).toEqual({ statements: [], columns: there })
  })
})
