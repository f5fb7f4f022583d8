import type * as z from 'zod/mini'

export type Place = readonly PropertyKey[]

/** What zod calls a type, as whoever writes YAML calls it. */
const TYPES: Readonly<Record<string, string>> = {
  object: 'a map of names and values',
  record: 'a map of names and values',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
}

/** zod/mini comes without texts of its own: what a schema gives no message for gets one here. */
export function plainIssues(issues: readonly z.core.$ZodIssue[]): { place: Place; message: string }[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ place: [...issue.path, key], message: 'is not known here' }))
      : [{ place: issue.path, message: messageOf(issue) }],
  )
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'is missing'
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPES[issue.expected] ?? issue.expected}`
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message
    default:
      return issue.message
  }
}
