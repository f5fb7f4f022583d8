import { alignColumns } from '../../../../shared/alignColumns'
import { isObject } from '../../../../shared/isObject'
import { readJsonPath } from '../../../../shared/jsonPath'
import { parseExact } from '../../../../shared/losslessJson'
import type { Mapping } from '../../../../shared/mapping/mapping'
import { openFields } from '../../../../shared/mapping/readKeys'
import { type Executing, selectRows } from '../rows'
import { asTime } from './showRow'

export interface DeadLetter {
  eventId: string
  reason: string
  createdAt: string
}

/** The dead letters whose event names this employee, the oldest first. */
export async function findDeadLetters(database: Executing, mapping: Mapping, userId: string): Promise<DeadLetter[]> {
  const escaped = JSON.stringify(userId).slice(1, -1).replace(/[|%_]/g, '|$&')
  const rows = await selectRows(
    database,
    "SELECT eventId, reason, createdAt, event FROM dead_letters WHERE event LIKE ? ESCAPE '|' ORDER BY createdAt, id",
    [`%${escaped}%`],
  )
  return rows
    .filter(({ event }) => namesEmployee(String(event), mapping, userId))
    .map(({ eventId, reason, createdAt }) => ({
      eventId: String(eventId),
      reason: String(reason),
      createdAt: String(createdAt),
    }))
}

/** Whether the event names the user id where the mapping looks for one; as a number too, which may be why it is here. */
export function namesEmployee(event: string, { key, fields }: Mapping, userId: string): boolean {
  let parsed: unknown
  try {
    parsed = parseExact(event)
  } catch {
    return false
  }
  const opened = isObject(parsed) ? openFields(fields, parsed) : parsed
  const paths = key.at(-1)?.from ?? []
  return paths.some((path) => [readJsonPath(path, opened)].flat().some((id) => String(id).trim() === userId))
}

/** Never the event itself, which is about a person. */
export function showDeadLetters(letters: readonly DeadLetter[]): string {
  const lines = letters.map(({ eventId, reason, createdAt }) => [eventId, asTime(createdAt), reason])
  return ['dead letters:', ...alignColumns(lines)].join('\n')
}
