import { UserError } from '../userError'
import { placeIn } from '../yaml'
import { type RefusedType, TypesRefused, tellRefusedType } from './refusedTypes'

/**
 * A line of mapping.yaml that the database refuses, as readMapping tells the faults that it sees itself.
 * @param table whose column it is
 * @param text the file's content
 * @param file its name
 */
export function whereRefused(refused: RefusedType, table: string, text: string, file: string): string {
  const { column } = refused
  const places =
    column === undefined
      ? [['columns']]
      : [
          ['key', column, 'type'],
          ['columns', column, 'type'],
        ]
  return `${placeIn(text, file, places, { table })} ${tellRefusedType(refused)}`
}

/** Does work on the tables. @throws UserError with the places in mapping.yaml that the database refuses */
export async function withPlaces<T>(text: string, file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof TypesRefused)) throw error
    throw new UserError(error.types.map((refused) => whereRefused(refused, error.table, text, file)).join('\n'))
  }
}
