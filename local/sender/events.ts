/**
 * The forms in which DingTalk sends events:
 * - connector: a connector's HTTP Webhook node; plain, an employee each
 * - native: the event subscription of an internal app; encrypted
 * - native-old: the same as it was spelled until about 2021 (`UserId`, `TimeStamp`)
 * - stream: the same by Stream, as whoever holds that connection passes it on; plain
 * - synchttp: an ISV app's SyncHTTP push, a row an object; encrypted
 */
export const FORMS = ['connector', 'native', 'native-old', 'stream', 'synchttp'] as const
export type Form = (typeof FORMS)[number]

/** What an event is about: that decides what it carries. */
type Subject = 'employee' | 'role of an employee' | 'department' | 'role' | 'corporation' | 'url'

export interface EventKind {
  name: string
  about: Subject
  /** the first is what is sent when nobody names one */
  forms: readonly Form[]
}

const SUBSCRIBED: readonly Form[] = ['native', 'native-old', 'stream']
const SUBSCRIBED_AND_SYNCED: readonly Form[] = [...SUBSCRIBED, 'synchttp']
const CONNECTED_AND_SYNCED: readonly Form[] = ['connector', 'synchttp']

/**
 * The events of DingTalk's address book, and the checks of a callback's URL. Only of employees is it known that a
 * connector sends them. A change of department or role comes natively as user_modify_org; a corporation's as org_change
 * natively and as org_update in SyncHTTP; roles are labels natively.
 * https://open.dingtalk.com/document/development/address-book-events
 */
export const EVENTS: readonly EventKind[] = [
  ...kinds('employee', FORMS, ['user_add_org', 'user_modify_org', 'user_active_org']),
  ...kinds('employee', CONNECTED_AND_SYNCED, ['user_dept_change', 'user_role_change']),
  ...kinds('employee', FORMS, ['user_leave_org']),
  ...kinds('employee', SUBSCRIBED, ['org_admin_add', 'org_admin_remove']),
  ...kinds('department', SUBSCRIBED_AND_SYNCED, ['org_dept_create', 'org_dept_modify', 'org_dept_remove']),
  ...kinds('corporation', SUBSCRIBED, ['org_change']),
  ...kinds('corporation', ['synchttp'], ['org_update']),
  ...kinds('corporation', SUBSCRIBED_AND_SYNCED, ['org_remove']),
  ...kinds('role of an employee', SUBSCRIBED, ['label_user_change']),
  ...kinds('role', SUBSCRIBED, ['label_conf_add', 'label_conf_modify', 'label_conf_del']),
  ...kinds('role', ['synchttp'], ['org_role_add', 'org_role_modify', 'org_role_remove']),
  ...kinds('url', ['native'], ['check_url', 'check_create_suite_url', 'check_update_suite_url']),
]

function kinds(about: Subject, forms: readonly Form[], names: readonly string[]): EventKind[] {
  return names.map((name) => ({ name, about, forms }))
}

/** Whether a form goes as DingTalk's callback does, signed and encrypted. */
export function isEncrypted(form: Form): boolean {
  return form !== 'connector' && form !== 'stream'
}

/** Whether an event names employees. */
export function isAboutEmployees({ about }: EventKind): boolean {
  return about === 'employee' || about === 'role of an employee'
}
