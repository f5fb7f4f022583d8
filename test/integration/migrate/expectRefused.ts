import { upgradeTables } from '../../../local/database/upgradeTables'
import type { Mapping } from '../../../shared/mapping/mapping'
import { tableLink } from '../../support/maintenance'
import type { Playground } from './playground'

/** That migrate, npm start and doctor refuse a mapping, with these sentences, and leave the tables as they are. */
export async function expectRefused(db: Playground, mapping: Mapping, said: readonly string[]): Promise<void> {
  const before = await db.tables()
  const { refusals, steps } = await db.plan(mapping)
  expect(refusals).toEqual(said.map((text) => expect.stringContaining(text)))
  expect(steps).toEqual([])
  await expect(db.migrate(mapping)).rejects.toThrow(said[0])
  await expect(upgradeTables(db.schema, [mapping], () => {})).rejects.toThrow(said[0])
  expect(await tableLink(db.schema, mapping)).toMatchObject({
    state: 'wrong',
    found: expect.stringContaining(said[0] ?? ''),
    next: 'mend mapping.yaml, build and deploy',
  })
  expect(await db.tables()).toEqual(before)
}
