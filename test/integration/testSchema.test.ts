import { once } from 'node:events'
import { createTestSchema, dropTestSchema } from '../support/mariadb'
import { connectTo } from './migrate/playground'

test('the end of a schema is the end of what a failed test left open there, locks included', async () => {
  const schema = await createTestSchema()
  const left = await connectTo(schema)
  const broken = once(left, 'error')
  await left.query('CREATE TABLE t (id INT) ENGINE=InnoDB')
  await left.query('LOCK TABLES t WRITE')
  await dropTestSchema(schema)
  await expect(broken).resolves.toMatchObject([{ fatal: true }])
})
