/** What a condition can look at: a leaf of the event. Objects and lists are never compared themselves. */
export type Scalar = string | number | boolean | null

/** Tests one leaf of the event, or one element of a list; undefined is a field that the event does not have. */
export type Condition = (value: Scalar | undefined) => boolean

/** Refuses the pattern: throws an error that carries the reason and the place in the pattern. */
export type Refuse = (reason: string) => never

export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
