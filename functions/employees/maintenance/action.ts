import type { FcContext } from '../../../shared/fc/types'
import type { Mapping } from '../../../shared/mapping/mapping'
import type { EmployeesConfig } from '../config'
import type { OpenedDatabase } from '../database'
import type { Replaying, Summary } from '../employees'

/** What an instance of the function has built for its deliveries. */
export interface Instance {
  config: EmployeesConfig
  database: OpenedDatabase
  deliver(payload: Buffer, context: FcContext, replaying?: Replaying): Promise<Summary>
}

export interface Toolbox {
  /** the tables of mapping.yaml */
  mappings: readonly Mapping[]
  /** @throws ConfigError */
  instance(): Instance
  /** what is left of the invocation's time */
  remainingMs(): number
  now(): number
}

/** An action that was stopped halfway by its `cause`. The message says what it has done, and no more. */
export class Interrupted extends Error {
  override name = 'Interrupted' as const
}

export interface Action {
  /** those it takes beside `maintenance` */
  keys: readonly string[]
  /** the rights that the database account needs, for a message; `tables` are those of mapping.yaml */
  grants(tables: string): string
  /**
   * @returns the text for whoever invoked it
   * @throws UserError, ConfigError, DatabaseError, Interrupted by one of them
   */
  run(request: Readonly<Record<string, unknown>>, toolbox: Toolbox, context: FcContext): Promise<string>
}
