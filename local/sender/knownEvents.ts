import { nearest } from '../../shared/nearest'
import { EVENTS } from './events'

/** DingTalk's events beside those of its address book, which the sender has not. */
const OTHERS = [
  // approvals
  'bpms_instance_change bpms_task_change oa_timeout_plugin_task_msg workflow_form_change',
  'workflow_instance_change_broadcast workflow_instance_change_directed',
  'workflow_task_change_broadcast workflow_task_change_directed attendance_approve_status_change',
  // rooms, meetings, calendar
  'meetingroom_book meetingroom_room_info open_meeting_room_device_property_change open_meeting_room_device_alarm',
  'open_meeting_room_device_bind_change open_meeting_room_central_control calendar_event_change',
  'meeting_status_change meeting_status_change_target_push',
  'meeting_member_status_change meeting_member_status_change_target_push',
  'flash_minutes_open_event meeting_asr_result_event',
  // attendance
  'check_in attendance_check_record attendance_schedule_change attendance_overtime_duration watermark_check_in',
  'attend_group_change attend_shift_change attend_bossCheck_change attend_user_daily_summary_refresh',
  'attendance_report_column_change leave_rule_change leave_quota_update leave_record_change',
  'overtime_to_vacation_data',
  // HR
  'hrm_mdm_user_change hrm_user_record_change hrm_mdm_user_info_change hrm_solution_manage hrm_app_authorize',
  'commercial_solution train_course_user_info',
  // groups, external contacts, the app
  'chat_add_member chat_remove_member chat_quit chat_update_owner chat_update_title chat_disband',
  'chat_template_change contact_add_org contact_modify_org contact_leave_org',
  'inner_app_scopes_change inner_app_status_change org_micro_app_scope_update',
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
