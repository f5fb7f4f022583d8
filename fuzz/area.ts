import type fc from 'fast-check'

/** What every input to an area is held against, opened and ready. */
export interface OpenArea<T> {
  input: fc.Arbitrary<T>
  /** @throws Error that says what is wrong with what became of this input; nothing of what is secret is in it */
  check(input: T): Promise<void>
  /** how an input is shown */
  show(input: T): string
  /** how much the processes hold that is no garbage, all of them */
  heldBytes(): Promise<number>
  /** how often each thing has become of an input: a run in which nothing is accepted has tried little */
  counts: ReadonlyMap<string, number>
  close(): Promise<void>
}

export interface AreaOptions {
  /** of its own, which is removed afterwards */
  folder: string
  /** where the functions' bundles are */
  bundles(): Promise<string>
  /** the address of a server with an empty database */
  database(): Promise<import('../local/database/database').DatabaseAddress>
}

/** A door that strangers, or what passes strangers' words on, can reach. */
export interface Area {
  name: string
  /** how many inputs a whole run has */
  requests: number
  open(options: AreaOptions): Promise<OpenArea<unknown>>
}

/** What an area has counted, under the name of what happened. */
export function counter(): { counts: Map<string, number>; count(name: string, times?: number): void } {
  const counts = new Map<string, number>()
  return { counts, count: (name, times = 1) => void counts.set(name, (counts.get(name) ?? 0) + times) }
}
