import { createHash } from 'node:crypto'
import { type DirectoryEvents, type Kind, REST } from '../../shared/dingtalk/directory/events'
import { HTTP_EVENT, type OutgoingEvent } from '../../shared/eventbridge/cloudEvent'
import type { ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import { isObject } from '../../shared/json'
import { openFields, readId, readIds } from '../../shared/mapping/readKeys'

/** A person or a department that an event names. */
export interface Subject {
  kind: Kind
  id: string
  /** the event that names it, such as user_add_org */
  askedFor: string
}

/** Where a native event has its fields: DingTalk Stream has them one level deeper, and its words for them in headers. */
const PLACES = [
  ['data', 'body'],
  ['data', 'body', 'data'],
  ['data', 'body', 'headers'],
]
const ACTIONS = ['EventType', 'eventType']
const CORPORATIONS = ['CorpId', 'corpId', 'eventCorpId']

/**
 * The events of native callbacks that name somebody and tell nothing, by the names they have for the ids. Whoever has left
 * is not to be asked about: the event knows better when.
 */
const ID_ONLY: readonly { action: RegExp; kind: Kind; ids: IdNames }[] = [
  {
    action: /^(user_(?!leave_org$)[a-z_]+|org_admin_(add|remove)|label_user_change)$/,
    kind: 'user',
    ids: ['userId', 'userid', 'UserId', 'userIdList'],
  },
  { action: /^org_dept_(create|modify)$/, kind: 'department', ids: ['deptId', 'DeptId', 'deptid'] },
]

/** the first is the usual one */
type IdNames = readonly [string, ...string[]]

/**
 * Whom or what an event is about that DingTalk's API can tell more of; none for any other event. One that has a `syncAction`
 * is a connector's or SyncHTTP's and carries what it has to say, or comes from here.
 * @param corpId whose directory can be asked; another organisation's events are left alone
 */
export function readSubjects(received: ReceivedEvent, corpId: string): Subject[] {
  return openNative(received, corpId)?.subjects ?? []
}

/**
 * An event about some of those that this one names, for another delivery to ask about: of the same time, and the same
 * however often it is made.
 * @returns none where it names none of them
 */
export function restOf(
  received: ReceivedEvent,
  corpId: string,
  { rest }: Pick<DirectoryEvents, 'rest'>,
  isLeft: (subject: Subject) => boolean,
): OutgoingEvent[] {
  const native = openNative(received, corpId)
  if (native === undefined) return []
  const { fields, idNames, subjects } = native
  const ids = subjects.filter(isLeft).map(({ id }) => id)
  if (ids.length === 0) return []
  // what was one level deeper has been opened, and what has changed is told already
  const gone = ['data', 'headers', 'diffInfo', ...idNames]
  const others = Object.fromEntries(Object.entries(fields).filter(([name]) => !gone.includes(name)))
  const id = createHash('sha256')
    .update(JSON.stringify([received.id, ids]))
    .digest('hex')
  return [rest({ ...others, [idNames[0]]: ids }, id, Date.parse(String(received.event['time'])) || undefined)]
}

interface Native {
  /** of its body */
  fields: Readonly<Record<string, unknown>>
  /** by which it may name its subjects */
  idNames: IdNames
  subjects: Subject[]
}

function openNative({ event }: ReceivedEvent, corpId: string): Native | undefined {
  if (event['type'] !== HTTP_EVENT && event['type'] !== REST) return undefined
  const opened = openFields(PLACES, event)
  const at = (names: readonly string[]) => names.map((name) => ['data', 'body', name])
  if (readIds(at(['syncAction']), opened).length > 0) return undefined
  const [action = ''] = readIds(at(ACTIONS), opened)
  const [owner] = readIds(at(CORPORATIONS), opened)
  const known = ID_ONLY.find(({ action: pattern }) => pattern.test(action))
  if (known === undefined || (owner !== undefined && owner !== corpId)) return undefined
  const { kind, ids: idNames } = known
  const ids = readIds(at(idNames), opened).map((id) => readId(id))
  const isId = (id: string | undefined): id is string =>
    id !== undefined && (kind === 'user' || /^[1-9]\d{0,29}$/.test(id))
  const { data } = opened
  const fields = isObject(data) && isObject(data['body']) ? data['body'] : {}
  return { fields, idNames, subjects: [...new Set(ids.filter(isId))].map((id) => ({ kind, id, askedFor: action })) }
}
