import { findLookalikes } from '../../../shared/mapping/lookalikes'
import type { Table } from '../../../shared/mapping/tables'

const table: Table = { name: 'staff', columns: [{ name: 'id', type: 'INT' }], key: ['id'], indexes: [] }

const column = (Field: string, Type: string, Key = '') => {
  return { Field, Type, Key, Collation: null, Null: 'NO', Default: null, Extra: '', Comment: '' }
}
const [id, other] = [column('id', 'int', 'PRI'), column('other', 'int', 'PRI')]
const now = column('columnVersions', 'varbinary(3072)')
const first = column('versions', 'varbinary(1024)')

test.each<[string, object[] | Error, string[]]>([
  ['with the key and versions', [id, now], ['people']],
  ['with the key and those of 0.1.0', [id, first], ['people']],
  ['with the key, and a column of others by the name of those', [id, column('versions', 'int')], []],
  ['with another key', [other, now], []],
  ['with a key of 0.1.0 that is another', [other, first], []],
  ['that is gone since', Object.assign(new Error('gone'), { code: 'ER_NO_SUCH_TABLE', errno: 1146 }), []],
])('a table %s', async (_, columns, found) => {
  const execute = async (sql: string) => {
    if (sql.includes('information_schema')) return [[{ name: 'staff' }, { name: 'people' }, { name: 'teams' }], []]
    if (sql.includes('people') && columns instanceof Error) throw columns
    return [sql.includes('people') && sql.includes('COLUMNS') ? columns : [id, now], []]
  }
  expect(await findLookalikes({ execute }, table, ['staff', 'teams'])).toEqual(found)
})
