import { nearest } from '../../shared/nearest'
import { EVENTS } from './events'

/** DingTalk's events beside those of its address book, which the sender has not. */
const OTHERS = [
  'bpms_instance_change bpms_task_change check_in attendance_check_record attendance_schedule_change',
  'attendance_overtime_duration attend_group_change attend_shift_change attend_bossCheck_change',
  'attend_user_daily_summary_refresh attendance_report_column_change leave_rule_change leave_quota_update',
  'hrm_user_record_change hrm_mdm_user_change hrm_mdm_user_info_change meeting_member_status_change',
  'chat_add_member chat_remove_member chat_quit chat_update_owner chat_update_title chat_disband',
  'inner_app_scopes_change inner_app_status_change',
  'suite_ticket tmp_auth_code change_auth suite_relieve org_suite_auth org_suite_change org_suite_relieve',
].flatMap((line) => line.split(' '))

const KNOWN = [...EVENTS.map(({ name }) => name), ...OTHERS]

/**
 * What to say of an event's name that DingTalk does not have, as far as is known here: it may have new ones.
 * @param is whether a name that is known is meant by it, where that is not the name itself
 */
export function tellUnknownEvent(name: string, is = (known: string) => known === name): string | undefined {
  if (KNOWN.some(is)) return undefined
  const meant = nearest(name, KNOWN)
  const what = `${name}, which is no event of DingTalk’s that is known here`
  return meant === undefined ? what : `${what}: is ${meant} meant?`
}
