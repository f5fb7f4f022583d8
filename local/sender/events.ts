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

/**
 * The events of DingTalk's address book, and the checks of a callback's URL. Only of employees is it known that a
 * connector sends them. A change of department or role comes natively as user_modify_org; a corporation's as org_change
 * natively and as org_update in SyncHTTP; roles are labels natively.
 * https://open.dingtalk.com/document/development/address-book-events
 */
export const EVENTS: readonly EventKind[] = [
  { name: 'user_add_org', about: 'employee', forms: FORMS },
  { name: 'user_modify_org', about: 'employee', forms: FORMS },
  { name: 'user_active_org', about: 'employee', forms: FORMS },
  { name: 'user_dept_change', about: 'employee', forms: ['connector', 'synchttp'] },
  { name: 'user_role_change', about: 'employee', forms: ['connector', 'synchttp'] },
  { name: 'user_leave_org', about: 'employee', forms: FORMS },
  { name: 'org_admin_add', about: 'employee', forms: SUBSCRIBED },
  { name: 'org_admin_remove', about: 'employee', forms: SUBSCRIBED },
  { name: 'org_dept_create', about: 'department', forms: SUBSCRIBED_AND_SYNCED },
  { name: 'org_dept_modify', about: 'department', forms: SUBSCRIBED_AND_SYNCED },
  { name: 'org_dept_remove', about: 'department', forms: SUBSCRIBED_AND_SYNCED },
  { name: 'org_change', about: 'corporation', forms: SUBSCRIBED },
  { name: 'org_update', about: 'corporation', forms: ['synchttp'] },
  { name: 'org_remove', about: 'corporation', forms: SUBSCRIBED_AND_SYNCED },
  { name: 'label_user_change', about: 'role of an employee', forms: SUBSCRIBED },
  { name: 'label_conf_add', about: 'role', forms: SUBSCRIBED },
  { name: 'label_conf_modify', about: 'role', forms: SUBSCRIBED },
  { name: 'label_conf_del', about: 'role', forms: SUBSCRIBED },
  { name: 'org_role_add', about: 'role', forms: ['synchttp'] },
  { name: 'org_role_modify', about: 'role', forms: ['synchttp'] },
  { name: 'org_role_remove', about: 'role', forms: ['synchttp'] },
  { name: 'check_url', about: 'url', forms: ['native'] },
  { name: 'check_create_suite_url', about: 'url', forms: ['native'] },
  { name: 'check_update_suite_url', about: 'url', forms: ['native'] },
]

/** Whether a form goes as DingTalk's callback does, signed and encrypted. */
export function isEncrypted(form: Form): boolean {
  return form !== 'connector' && form !== 'stream'
}

/** Whether an event names employees. */
export function isAboutEmployees({ about }: EventKind): boolean {
  return about === 'employee' || about === 'role of an employee'
}
