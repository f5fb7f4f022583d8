import * as z from 'zod/mini'
import { leaverLimit } from './leaverLimit'
import { BAD_VALUE_POLICIES, MAX_SLOTS, MAX_STAGE, READINGS } from './mapping'

/** The one variable that may stand in for a key that an event does not name. */
export const DEFAULT_VARIABLE = 'DINGTALK_CORP_ID'

const identifier = z
  .string()
  .check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'must be a plain identifier of at most 64 characters'))
/** DingTalk's own. */
const DEFAULT_ZONE = 'Asia/Shanghai'
const PATHS = 'must be a path or a list of paths'
const oneOrMore = z.union(
  [
    z.pipe(
      z.string(),
      z.transform((path: string) => [path]),
    ),
    z.array(z.string()).check(z.minLength(1, PATHS)),
  ],
  PATHS,
)
const constant = z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be text, a number, true, false or null')
const settings = z._default(z.record(z.string(), constant), {})
const zone = z.string().check(z.refine(isTimeZone, 'must be a time zone, such as Asia/Shanghai'))
const stage = z.int().check(z.refine((number) => number >= 0 && number <= MAX_STAGE, `must be 0 to ${MAX_STAGE}`))
const slot = z.int().check(z.refine((number) => number >= 0 && number < MAX_SLOTS, `must be 0 to ${MAX_SLOTS - 1}`))

/** A document of mapping.yaml as it is written. */
export const mappingFile = z.strictObject({
  table: identifier,
  fields: z._default(oneOrMore, ['$.data.body']),
  action: oneOrMore,
  subtype: z._default(oneOrMore, []),
  time: oneOrMore,
  zone: z._default(zone, DEFAULT_ZONE),
  sequence: z._default(oneOrMore, []),
  events: z.record(
    z.string(),
    z.strictObject({
      type: z.optional(z.string()),
      wins: z._default(z.boolean(), false),
      stage: z._default(stage, 0),
      ends: z.optional(identifier),
      clears: z.optional(identifier),
      set: settings,
    }),
  ),
  each: z.optional(oneOrMore),
  roster: z.optional(
    z.strictObject({
      type: z.string(),
      action: z.string(),
      absent: z.string(),
      after: oneOrMore,
      upTo: oneOrMore,
      ids: oneOrMore,
      limit: z.optional(leaverLimit),
    }),
  ),
  failed: z.optional(z.strictObject({ path: oneOrMore, set: settings })),
  parts: z._default(
    z.array(
      z.strictObject({
        path: z.string(),
        about: oneOrMore,
        before: z.optional(z.string()),
        after: z.optional(z.string()),
      }),
    ),
    [],
  ),
  key: z.record(
    identifier,
    z.strictObject({
      type: z.string(),
      from: oneOrMore,
      default: z.optional(z.literal(`\${${DEFAULT_VARIABLE}}`, `must be \${${DEFAULT_VARIABLE}}`)),
    }),
  ),
  columns: z.record(
    identifier,
    z.strictObject({
      slot,
      type: z.string(),
      as: z._default(z.enum(READINGS, `must be one of ${READINGS.join(', ')}`), 'text'),
      from: z.optional(oneOrMore),
      value: z.optional(constant),
      template: z.optional(z.string()),
      empty: z._default(z.enum(['clear', 'keep'], 'must be clear or keep'), 'clear'),
      bad: z._default(z.enum(BAD_VALUE_POLICIES, `must be one of ${BAD_VALUE_POLICIES.join(', ')}`), 'keep'),
      zone: z.optional(zone),
      after: z.optional(z.string().check(z.minLength(1, 'must be a text that is not empty'))),
      values: z.optional(z.record(z.string(), constant)),
      personal: z._default(z.boolean(), false),
    }),
  ),
})

export type MappingFile = z.infer<typeof mappingFile>

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
