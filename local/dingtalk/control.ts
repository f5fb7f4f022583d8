import type { IncomingMessage, ServerResponse } from 'node:http'
import * as z from 'zod/mini'
import type { Clock } from '../../shared/clock'
import { isObject, parseExact } from '../../shared/json'
import { readBody } from '../../shared/readBody'
import { sendJson } from '../../shared/sendJson'
import { UserError } from '../../shared/userError'
import type { Callbacks } from './callbacks'
import { PERMISSIONS } from './calls/calls'
import * as change from './changes'
import { type Access, GRANTS } from './directory'
import { aboutRange, pushedEvent } from './events'
import { type DingTalkFaults, parseDingTalkFaults } from './faults'
import { type KeptOrganisation, NotKept } from './keepOrganisation'
import type { LimitRule, Limits } from './limits'
import { STREAM_ACTS, type Stream } from './stream'
import type { Tokens } from './tokens'

/** What may be changed while it runs; a start begins without. */
export interface DingTalkSettings {
  faults: DingTalkFaults
  access: Access
  limits: LimitRule
}

interface ControlOptions {
  kept: KeptOrganisation
  corpId: string
  settings: DingTalkSettings
  callbacks: Callbacks
  stream: Stream
  limits: Limits
  tokens: Tokens
  /** Has people hand in so many approvals; returns how many. */
  handIn(count: number): number
  clock: Clock
}

const MAX_BODY_BYTES = 1024 ** 2
/** As many people, those who came last, and departments as a form can offer. */
const [PEOPLE, DEPARTMENTS] = [100, 1_000]

/** Without control characters, or halves of any: DingTalk takes none either. */
const text = z.string().check(z.maxLength(1_000), z.regex(/^[^\p{Cc}\p{Cs}]*$/u))
const userid = z.string().check(z.regex(/^[\w.@-]{1,64}$/))
const id = z.pipe(
  z.pipe(
    z.union([z.string(), z.number(), z.bigint()]),
    z.transform((value) => String(value)),
  ),
  z.string().check(z.regex(/^[1-9]\d{0,19}$/)),
)
const personFields = {
  name: z.optional(text.check(z.minLength(1))),
  departments: z.optional(z.array(id)),
  title: z.optional(text),
  jobNumber: z.optional(text),
  managerId: z.optional(userid),
  telephone: z.optional(text),
  email: z.optional(text),
  workPlace: z.optional(text),
  remark: z.optional(text),
  // what a Date can be
  hiredAt: z.optional(z.int().check(z.gte(-8.64e15), z.lte(8.64e15))),
  active: z.optional(z.boolean()),
  adminLevel: z.optional(z.literal([0, 1, 2])),
  roles: z.optional(z.array(id)),
}
const departmentFields = {
  name: z.optional(text.check(z.minLength(1), z.maxLength(64))),
  parentId: z.optional(id),
  hidden: z.optional(z.boolean()),
}
/** Each is two callbacks. */
const approvalFields = z.strictObject({ count: z.optional(z.int().check(z.gte(1), z.lte(1_000))) })
const permissions = z.optional(z.array(z.enum(PERMISSIONS)))
const settingsFields = z.strictObject({
  fail: z.optional(z.string()),
  range: z.optional(z.strictObject({ departments: z.optional(z.array(id)), users: z.optional(z.array(userid)) })),
  refused: permissions,
  emptied: permissions,
  grants: z.optional(z.array(z.enum(GRANTS))),
  perSecond: z.optional(z.int().check(z.gte(1))),
  banAfter: z.optional(z.int().check(z.gte(1))),
  callbacksLost: z.optional(z.number().check(z.gte(0), z.lte(1))),
})

/** A POST: what it takes, and what it does with that. */
interface Action {
  run(body: unknown): unknown
}

/**
 * What DingTalk's administrator does by hand, as an API of this stack's own: changes, which are told by callbacks, and what
 * the app may do. GET counts, settings, excerpt, organisation; POST the rest.
 * @param name the last part of the path
 */
export function createControl(options: ControlOptions) {
  const { kept, corpId, settings, callbacks, stream, limits, tokens, handIn, clock } = options
  const { organisation } = kept

  const reads: Readonly<Record<string, () => unknown>> = {
    counts: () => ({
      ...limits.total(clock.now()),
      callbacks: callbacks.counts(),
      stream: stream.counts(),
      paths: limits.counts(),
    }),
    settings: () => settings,
    excerpt: () => ({
      people: [...organisation.people.values()].slice(-PEOPLE).map(({ userid: who, name }) => ({ userid: who, name })),
      departments: [...organisation.departments.values()]
        .slice(0, DEPARTMENTS)
        .map(({ id: which, name }) => ({ id: which, name })),
      totals: { people: organisation.people.size, departments: organisation.departments.size },
      callbacksLost: settings.faults.shares['callback-lost'],
    }),
    organisation: () => ({
      corpId,
      people: [...organisation.people.values()],
      departments: [...organisation.departments.values()],
      leavers: organisation.leavers,
    }),
  }
  const changePerson = action(z.strictObject({ userid, ...personFields }), ({ userid: who, ...fields }) =>
    happen(change.changePerson(organisation, who, fields, clock.now()), { userid: who }),
  )
  const changeDepartment = action(z.strictObject({ id, ...departmentFields }), ({ id: which, ...fields }) =>
    happen(change.changeDepartment(organisation, which, fields), { id: which }),
  )
  const actions: Readonly<Record<string, Action>> = {
    hire: action(z.strictObject({ userid: z.optional(userid), ...personFields }), ({ userid: who, ...fields }) =>
      happen(change.hire(organisation, who, fields, clock.now())),
    ),
    move: changePerson,
    rename: changePerson,
    change: changePerson,
    dismiss: action(
      z.strictObject({ userid, reason: z.optional(z.enum(['leave', 'delete', 'oapi', 'cancel', 'unknown'])) }),
      ({ userid: who, reason = 'leave' }) =>
        happen(change.dismiss(organisation, who, reason, clock.now()), { userid: who }),
    ),
    rejoin: action(z.strictObject({ userid, ...personFields }), ({ userid: who, ...fields }) =>
      happen(change.rejoin(organisation, who, fields, clock.now())),
    ),
    'create-department': action(
      z.strictObject({ id: z.optional(id), ...departmentFields }),
      ({ id: which, ...fields }) => happen(change.createDepartment(organisation, which, fields)),
    ),
    'change-department': changeDepartment,
    'move-department': changeDepartment,
    'remove-department': action(z.strictObject({ id }), ({ id: which }) =>
      happen(change.removeDepartment(organisation, which), { id: which }),
    ),
    'hand-in-approvals': action(approvalFields, ({ count = 20 }) => ({ approvals: handIn(count) })),
    settings: action(settingsFields, changeSettings),
    stream: action(z.strictObject({ act: z.enum(STREAM_ACTS), text: z.optional(z.string()) }), (given) =>
      stream.act(given.act, given.text ?? ''),
    ),
    'revoke-token': action(z.strictObject({}), () => tokens.revoke()),
    'reset-counts': action(z.strictObject({}), () => limits.reset()),
  }

  return async function answerControl(name: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const body = await readBody(req, MAX_BODY_BYTES).catch(() => 'gone' as const)
    if (body === 'gone') return
    const read = Object.hasOwn(reads, name) ? reads[name] : undefined
    if (req.method === 'GET' && read !== undefined) return sendJson(res, 200, read())
    const act = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (req.method !== 'POST' || act === undefined) {
      const list = `GET ${Object.keys(reads).join(', ')}; POST ${Object.keys(actions).join(', ')}`
      return sendJson(res, 404, { code: 'NotFound', message: `There are: ${list}` })
    }
    if (body === undefined) {
      return sendJson(res, 413, { code: 'PayloadTooLarge', message: `The body may have ${MAX_BODY_BYTES} bytes.` })
    }
    try {
      sendJson(res, 200, act.run(parseExact(body.toString('utf8') || '{}')) ?? {})
    } catch (error) {
      if (error instanceof NotKept) return sendJson(res, 503, { code: 'ServiceUnavailable', message: error.message })
      if (!isRefusal(error)) throw error
      sendJson(res, 400, { code: 'InvalidRequest', message: error.message })
    }
  }

  function happen({ changes, events }: change.Happening, answer?: Record<string, unknown>): Record<string, unknown> {
    kept.change(changes)
    for (const [type, details] of events) callbacks.push(pushedEvent(type, corpId, clock.now(), details))
    const [made] = changes
    const told = answer ?? (made && 'person' in made ? { userid: made.person.userid } : undefined)
    return {
      ...(told ?? (made && 'department' in made && { id: made.department.id })),
      events: events.map(([type]) => type),
    }
  }

  function changeSettings(given: z.infer<typeof settingsFields>): DingTalkSettings {
    const { fail, range, refused, emptied, grants, perSecond, banAfter, callbacksLost } = given
    if (fail !== undefined) settings.faults = parseDingTalkFaults('fail', fail || 'latency=0ms')
    if (callbacksLost !== undefined) {
      settings.faults = { ...settings.faults, shares: { ...settings.faults.shares, 'callback-lost': callbacksLost } }
    }
    const { access, limits: rule } = settings
    settings.limits = { perSecond: perSecond ?? rule.perSecond, banAfter: banAfter ?? rule.banAfter }
    // a part that is not said stays as it was, as all settings do
    const reached = {
      departments: range?.departments ?? access.range.departments,
      users: range?.users ?? access.range.users,
    }
    settings.access = {
      range: reached,
      refused: refused ?? access.refused,
      emptied: emptied ?? access.emptied,
      grants: grants ?? access.grants,
    }
    if (range !== undefined) {
      const details = aboutRange(reached.departments, reached.users)
      callbacks.push(pushedEvent('inner_app_scopes_change', corpId, clock.now(), details))
    }
    return settings
  }
}

function action<T extends z.ZodMiniType>(schema: T, run: (body: z.infer<T>) => unknown): Action {
  return {
    run(body) {
      const parsed = schema.safeParse(body)
      if (parsed.success) return run(parsed.data)
      throw new UserError(parsed.error.issues.map((issue) => tellIssue(issue, body)).join('; '))
    },
  }
}

/** What whoever asked can mend. */
function isRefusal(error: unknown): error is Error {
  return error instanceof UserError || error instanceof change.ChangeRefused || error instanceof SyntaxError
}

function tellIssue(issue: z.core.$ZodIssue, body: unknown): string {
  if (issue.code === 'unrecognized_keys') return `It does not take ${issue.keys.join(', ')}.`
  const [name] = issue.path
  if (issue.path.length === 1 && isObject(body) && body[String(name)] === undefined)
    return `${String(name)} is missing.`
  return `${issue.path.join('.') || 'The body'} is not as it must be.`
}
