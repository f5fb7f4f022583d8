import { createHash } from 'node:crypto'
import type { Mapping } from '../../../shared/mapping/mapping'
import { createTable, DEAD_LETTERS, mappedTable, type Table, VERSIONS } from '../../../shared/mapping/tables'
import { shippedMapping } from '../../support/mapping'
import type { Playground } from './playground'

/** A version of 0.1.0: 43 bits of milliseconds, one for an event that wins, 20 of the event id's hash. */
export function firstVersion(time: number, wins: boolean, eventId: string): Buffer {
  const hash = createHash('sha256').update(eventId).digest().readUInt32BE(0) >>> 12
  const version = Buffer.alloc(8)
  version.writeBigUInt64BE((BigInt(time) << 21n) | (wins ? 1n << 20n : 0n) | BigInt(hash))
  return version
}

/** The tables as 0.1.0 made them. */
export async function makeFirstTables(db: Playground, mapping: Mapping = shippedMapping): Promise<void> {
  const { name, key, indexes, columns } = mappedTable(mapping)
  const mapped: Table = {
    ...{ name, key, indexes },
    columns: columns.map((column) =>
      column.name === VERSIONS
        ? { name: 'versions', type: 'VARBINARY(1024) NOT NULL' }
        : { name: column.name, type: column.type },
    ),
  }
  const letters: Table = {
    ...DEAD_LETTERS,
    columns: DEAD_LETTERS.columns.filter((column) => column.name !== 'digest'),
    indexes: ['UNIQUE KEY `source_eventId` (`source`, `eventId`)'],
  }
  for (const table of [mapped, letters]) await db.connection.query(createTable(table))
}

/** What the function of 0.1.0 does, on whatever table it meets. */
export async function storeAsFirst(db: Playground, userId: string, name: string, versions: Buffer): Promise<void> {
  await db.connection.execute(
    "INSERT INTO user_info (corpId, userId, name, versions) VALUES ('', ?, ?, ?) " +
      'ON DUPLICATE KEY UPDATE name = VALUES(name), versions = VALUES(versions)',
    [userId, name, versions],
  )
}

export async function buryAsFirst(db: Playground, source: string, eventId: string, reason = 'r'): Promise<void> {
  await db.connection.execute(
    'INSERT INTO dead_letters (source, eventId, reason, event) VALUES (?, ?, ?, ?) ' +
      'ON DUPLICATE KEY UPDATE reason = VALUES(reason)',
    [source, eventId, reason, '{}'],
  )
}
