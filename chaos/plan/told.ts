/** The forms in which events of a run come; `roster` and `snapshot` are published on the bus, as reconcile and enrich do it. */
export const FORMS = ['connector', 'native', 'native-old', 'synchttp', 'snapshot', 'roster'] as const
export type Form = (typeof FORMS)[number]

/** What an event says of somebody, or of a department; undefined: nothing; '' and null: there is none. */
export interface Fields {
  name?: string
  active?: boolean
  isAdmin?: boolean
  title?: string | null
  jobNumber?: string
  parentId?: number
  order?: number
}

/** An event of the history, whatever the form in which it is told. */
export interface Told {
  /** its number, which it carries through the whole chain in a field that no column takes */
  n: number
  form: Form
  /** whether it is about departments */
  table: 'user_info' | 'departments'
  corpId: string
  /** whom it names */
  keys: readonly string[]
  action: string
  /** when it happened, in milliseconds from the beginning of the history; a connector's happens when it arrives */
  at: number
  errcode: number
  fields: Fields
  /** of a roster: whose range it is, and who is there */
  range?: { after: string; upTo: string | null; ids: readonly string[] }
  /** nothing can store it: it belongs into dead_letters */
  isPoison?: boolean
}

/** Three organisations, so that what tells of one in another way leaves the others alone. */
export const CORP = 'dingchaos'
export const WALKED_CORP = 'dingwalked'

/** The field that carries an event's number. */
export const MARK = 'chaosEvent'

/** The id that an event has of its own; undefined where the webhook makes one, anew for each try. */
export function ownId({ form, corpId, n }: Told, seed: number): string | undefined {
  if (form === 'connector' || form === 'native-old') return undefined
  return form === 'synchttp' ? `sync-${corpId}-${rowId(n)}` : `chaos-${seed}-${n}`
}

/** Of a SyncHTTP row: it grows, and is beyond 2^53 for some. */
export function rowId(n: number): bigint {
  return 9_007_199_254_740_000n + BigInt(n)
}
