/** A link of the chain, as the doctor found it. */
export interface Link {
  name: string
  /** `unknown`: it cannot be seen from where the doctor runs, or what it hangs on is wrong */
  state: 'ok' | 'wrong' | 'unknown'
  /** what was found */
  found: string
  /** what to do */
  next?: string
}

/** @param next what is worth doing although nothing is wrong */
export function ok(name: string, found: string, next?: string): Link {
  return { name, state: 'ok', found, ...(next !== undefined && { next }) }
}

export function wrong(name: string, found: string, next: string): Link {
  return { name, state: 'wrong', found, next }
}

export function unknown(name: string, found: string, next?: string): Link {
  return { name, state: 'unknown', found, ...(next !== undefined && { next }) }
}
