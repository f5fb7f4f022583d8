import { randomBytes } from 'node:crypto'
import { isLosslessNumber, LosslessNumber } from 'lossless-json'
import { CHINA_AHEAD_MS, chinaTime } from '../../shared/chinaTime'
import { isObject, losslessJson, parseLossless, stringifyLossless } from '../../shared/json'
import { isEventName } from './frame'

/** Names of fields that a recording keeps. Any other name may be somebody's id, as in a map by user id. */
const FIELDS = new Set(
  `EventType EventTime CorpId BizId eventId data
  TimeStamp UserId UserIdList DeptId LabelIdList OptStaffId PostLabelList PreLabelList UnionIdList DataList ChangeType
  timeStamp userId userid userIdList userIds unionId unionid unionIdList optStaffId staffId staffIds operatorUnionId
  diffInfo prev curr name jobNumber jobnumber email mobile telephone stateCode workPlace remark extFields extension
  managerUserid hiredDate position active avatar dingId isAdmin isBoss isSenior isHide isLeaderInDepts orderInDepts
  department roles groupName groupId level realAuthed exclusiveAccount unionEmpExt unionEmpMapList corpId corpid tags
  deptId deptIds id parentId parentid order autoAddUser createDeptGroup deptHiding outerDept groupContainSubDept
  deptManagerUseridList deptPerimits deptPermits userPerimits userPermits outerPermitDepts outerPermitUsers brief
  orgDeptOwner sourceIdentifier autoApproveApply labelIdList labelIds preLabelList postLabelList action scope roleIds
  unifiedAppId appIds errcode errmsg syncAction syncSeq corp_name corp_logo_url industry is_authenticated auth_level
  processInstanceId processCode businessId bizCategoryId businessType title taskId result type url createTime finishTime
  calendarEventId calendarEventUpdateTime calendarId changeType operator legacyCalendarEventId status source dataList
  eventSubType preStatus bookId bookTime startTime endTime isApproval roomId roomName userName labels capacity
  openConfModel conferenceId changeScene statusSeqNum creatorId creatorNick confDuration invitedNum attendNum activeNum
  openMemberModels userNick joinTime leaveTime duration attendStatus bizType bizTime bizId
  checkTime locationMethod locationResult address latitude longitude deviceSN checkByUser
  key value properties`.split(/\s+/),
)
/** When something happened, in milliseconds since 1970. They are moved, all by as much. */
const TIMES = new Set(
  `EventTime BizId timeStamp TimeStamp createTime finishTime startTime endTime bookTime checkTime bizTime joinTime leaveTime
  calendarEventUpdateTime`.split(/\s+/),
)
/** What says what happened, where its value is one of few. */
const CODES: ReadonlyMap<string, RegExp> = new Map([
  ['errcode', /^\d{1,5}$/],
  ['auth_level', /^\d$/],
  ['action', /^(add|remove|delete|del|modify|update)$/],
  ['changeType', /^(created|updated|deleted|cancelled|deleteView|\d)$/],
  ['type', /^(start|finish|terminate|delete|cancel|comment)$/],
  ['result', /^(agree|refuse|redirect|audit)$/],
  ['eventSubType', /^(appvaral|book[A-Z][A-Za-z]{2,20}|create|update|del)$/],
  ['preStatus', /^(INIT|SUCCESS|APPROVALING)$/],
  ['changeScene', /^(conference|user)_[a-z]{4,10}$/],
  ['locationMethod', /^(MAP|WIFI|ATM)$/],
  ['locationResult', /^(Normal|Outside)$/],
])
const WALL_TIME = /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01]) ([01]\d|2[0-3])(:[0-5]\d){2}$/
const BEGIN = Date.parse('2026-01-01T00:00:00Z')
const NAMES = ['小安', '小白', '小川', '小丹', '小恩', '小方', '小谷', '小禾', '小江', '小柯', '小兰', '小木']

/**
 * Invents an event in place of one that came: what happened and how it is written stays, and every name, id, text, number
 * and time becomes another. The same one becomes the same in every event that goes through the same inventor.
 * @returns a function from JSON text to JSON text
 */
export function createInventor(): (json: string) => string {
  // the events of two recordings are not the same ones
  const series = randomBytes(6).toString('hex')
  /** by the text of what came */
  const invented = new Map<string, string>()
  const fields = new Map<string, string>()
  let began: number | undefined

  function once(real: string, invent: (count: number) => string): string {
    const known = invented.get(real)
    if (known !== undefined) return known
    const made = invent(invented.size + 1)
    invented.set(real, made)
    return made
  }

  function walk(value: unknown, name: string): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, name))
    if (typeof value === 'string') return text(value, name)
    if (typeof value === 'number' || isLosslessNumber(value)) return number(String(value), name)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [field(key), walk(item, key)]))
  }

  function field(key: string): string {
    if (FIELDS.has(key)) return key
    const made = fields.get(key) ?? `field${fields.size + 1}`
    fields.set(key, made)
    return made
  }

  function number(digits: string, name: string): LosslessNumber {
    // of departments 1 is the root; besides they are yes and no
    if (/^[01]$/.test(digits) || CODES.get(name)?.test(digits)) return new LosslessNumber(digits)
    return new LosslessNumber(TIMES.has(name) ? time(digits) : inventDigits(digits.replace(/[^\d]/g, ''), true))
  }

  function time(digits: string): string {
    const at = Number(digits)
    began ??= at
    // one that is no time has the first one's
    return String(Math.abs(at - began) < 1e12 ? BEGIN + at - began : BEGIN)
  }

  /** As rooms have it, in China. */
  function wallTime(real: string): string {
    const moved = Number(time(String(Date.parse(`${real.replace(' ', 'T')}Z`) - CHINA_AHEAD_MS)))
    return chinaTime(moved).slice(0, 19).replace('T', ' ')
  }

  function text(real: string, name: string): string {
    const trimmed = real.trim()
    const isName = (name === 'EventType' || name === 'syncAction') && isEventName(trimmed)
    if (trimmed === '' || isName || CODES.get(name)?.test(trimmed)) return trimmed
    if (TIMES.has(name) && /^\d{10,16}$/.test(trimmed)) return time(trimmed)
    if (TIMES.has(name) && WALL_TIME.test(trimmed)) return wallTime(trimmed)
    const value = /^[[{]/.test(trimmed) ? losslessJson(trimmed) : undefined
    if (value !== undefined) return stringifyLossless(walk(value, name))
    // ids in a row, or a map whose keys have no quotes: {1:true,432825033:false}
    if (/[{}[\]:,|]/.test(trimmed) && /^[\w.$@ {}[\]:,|-]*$/.test(trimmed)) {
      return trimmed.replace(/[^{}[\]:,|]+/g, (part) => word(part.trim()))
    }
    return word(trimmed)
  }

  function word(real: string): string {
    if (real === '' || /^([01]|true|false)$/.test(real)) return real
    if (/^\d{4}-\d\d-\d\d$/.test(real)) return '2020-01-01'
    if (/^\d+$/.test(real)) return inventDigits(real, false)
    if (/^[\da-f]{32}$/i.test(real)) return once(real, (count) => series + count.toString(16).padStart(20, '0'))
    if (/^ding[\da-z]+$/i.test(real)) return once(real, (count) => `ding${String(count).padStart(32, '0')}`)
    if (/^\p{Script=Han}+$/u.test(real)) return once(real, (count) => `${NAMES[count % NAMES.length]}${count}`)
    return once(real, (count) => `invented-${count}`)
  }

  /** As long, with the zero it may begin with: that some ids have one has been a trap. */
  function inventDigits(real: string, isNumber: boolean): string {
    const first = !isNumber && real.startsWith('0') ? '0' : '9'
    return once(
      isNumber ? String(BigInt(real || '0')) : real,
      (count) => first + String(count).padStart(real.length - 1, '0'),
    )
  }

  return (json) => stringifyLossless(walk(parseLossless(json), ''))
}
