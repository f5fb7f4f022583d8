import type { Kind } from '../../shared/dingtalk/directory/events'
import { HTTP_EVENT } from '../../shared/eventbridge/cloudEvent'
import type { ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import { openFields, readId, readIds } from '../../shared/mapping/readKeys'

/** A person or a department that an event names. */
export interface Subject {
  kind: Kind
  id: string
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
const ID_ONLY: readonly { action: RegExp; kind: Kind; ids: readonly string[] }[] = [
  {
    action: /^(user_(?!leave_org$)[a-z_]+|org_admin_(add|remove)|label_user_change)$/,
    kind: 'user',
    ids: ['userId', 'userid', 'UserId', 'userIdList'],
  },
  { action: /^org_dept_(create|modify)$/, kind: 'department', ids: ['deptId', 'DeptId', 'deptid'] },
]

/**
 * Whom or what an event is about that DingTalk's API can tell more of; none for any other event. One that has a `syncAction`
 * is a connector's or SyncHTTP's and carries what it has to say, or comes from here.
 * @param corpId whose directory can be asked; another organisation's events are left alone
 */
export function readSubjects({ event }: ReceivedEvent, corpId: string): Subject[] {
  if (event['type'] !== HTTP_EVENT) return []
  const opened = openFields(PLACES, event)
  const at = (names: readonly string[]) => names.map((name) => ['data', 'body', name])
  if (readIds(at(['syncAction']), opened).length > 0) return []
  const [action = ''] = readIds(at(ACTIONS), opened)
  const [owner] = readIds(at(CORPORATIONS), opened)
  const kind = ID_ONLY.find((known) => known.action.test(action))
  if (kind === undefined || (owner !== undefined && owner !== corpId)) return []
  const ids = readIds(at(kind.ids), opened).map((id) => readId(id))
  const isId = (id: string | undefined): id is string =>
    id !== undefined && (kind.kind === 'user' || /^[1-9]\d{0,29}$/.test(id))
  return [...new Set(ids.filter(isId))].map((id) => ({ kind: kind.kind, id }))
}
