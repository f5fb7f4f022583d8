import * as z from 'zod/mini'
import { parsedText, readId } from '../../mapping/readKeys'

/**
 * What DingTalk's answers are made of. Its documents print numbers and booleans as text and one object where a list is
 * declared, real answers leave out what is empty: each is read as loosely as it may be written, and no looser.
 */

/** A list; one item stands for a list of it, null or nothing for an empty one. */
function listOf<T>(item: z.ZodMiniType<T>) {
  return z.pipe(z.transform(asList), z.array(item))
}

function asList(value: unknown): unknown {
  const list = parsedText(value)
  if (Array.isArray(list)) return list
  return list === undefined || list === null || list === '' ? [] : [list]
}

/** An object; one that comes in a list of one is taken out of it. */
function oneOf<T>(schema: z.ZodMiniType<T>) {
  return z.pipe(
    z.transform((value: unknown) => (Array.isArray(value) && value.length === 1 ? value[0] : value)),
    schema,
  )
}

/** A whole number that is a count or a place in a list. */
export const integer = z.pipe(
  z.transform((value: unknown) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value)),
  z.number().check(z.refine(Number.isSafeInteger)),
)

const flag = z.pipe(
  z.transform((value: unknown) => (value === 'true' || value === 'false' ? value === 'true' : value)),
  z.boolean(),
)

/** As an event would name the person. */
const userId = z.pipe(
  z.transform((value: unknown) => readId(value)),
  z.string(),
)

/** All its digits, as text: they may be more than a number can hold. */
const departmentId = z.pipe(
  z.transform((value: unknown) => readId(typeof value === 'bigint' ? String(value) : value)),
  z.string().check(z.regex(/^-?\d{1,30}$/)),
)

const userFields = z.looseObject({ userid: userId })
const departmentFields = z.looseObject({ dept_id: departmentId })

export const userAnswer = z.object({ result: oneOf(userFields) })
export const departmentAnswer = z.object({ result: oneOf(departmentFields) })
export const departmentsAnswer = z.object({ result: listOf(departmentFields) })
export const membersAnswer = z.object({
  result: z.object({ has_more: z.optional(flag), next_cursor: z.nullish(integer), list: listOf(userFields) }),
})
export const userIdsAnswer = z.object({ result: z.object({ userid_list: listOf(userId) }) })
export const departmentIdsAnswer = z.object({ result: z.object({ dept_id_list: listOf(departmentId) }) })
export const countAnswer = z.object({ result: z.object({ count: integer }) })
export const scopesAnswer = z.object({
  auth_org_scopes: z.object({ authed_user: listOf(userId), authed_dept: listOf(departmentId) }),
})
export const leaveRecordsAnswer = z.object({
  nextToken: z.nullish(z.union([z.string(), z.number()])),
  records: listOf(z.object({ userId, leaveTime: z.optional(z.unknown()) })),
})

const pushes = listOf(z.record(z.string(), z.unknown()))
/** Both spellings are seen. */
export const failedPushesAnswer = z.object({
  failed_list: pushes,
  failedList: pushes,
  has_more: z.optional(flag),
  hasMore: z.optional(flag),
})
