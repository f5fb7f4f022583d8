import {
  countAnswer,
  departmentAnswer,
  departmentIdsAnswer,
  departmentsAnswer,
  failedPushesAnswer,
  leaveRecordsAnswer,
  membersAnswer,
  scopesAnswer,
  userAnswer,
  userIdsAnswer,
} from './answers'
import type { Answered, DingtalkClient } from './client'

/** What an answer tells of a person or a department, by the API's names. */
export type Fields = Readonly<Record<string, unknown>>

const PEOPLE_PER_PAGE = 100
/** user/list takes no greater cursor. */
const LAST_CURSOR = 100_000
const RECORDS_PER_PAGE = 50
/** So that an answer that says the same for ever ends some time. */
const MAX_PAGES = 2000

export interface LeaveRecord {
  userId: string
  /** milliseconds since 1970 */
  leftAt: number
}

export interface FailedPushes {
  /** as DingTalk keeps them */
  entries: Fields[]
  hasMore: boolean
}

export interface Directory {
  user(userId: string): Promise<Answered<Fields>>
  department(id: string): Promise<Answered<Fields>>
  /** those one level below; the root itself is in no such list */
  subDepartments(id: string): Promise<Answered<(Fields & { dept_id: string })[]>>
  /** the same, for departments that the app may not see as well */
  subDepartmentIds(id: string): Promise<string[]>
  /** direct members, page by page; who comes or goes meanwhile may be skipped, or come twice */
  members(id: string): AsyncGenerator<Answered<(Fields & { userid: string })[]>>
  /** direct members, for those whom the app may not see as well */
  memberIds(id: string): Promise<string[]>
  /** all people of the organisation, those who are not activated and whom the app may not see as well */
  countPeople(): Promise<number>
  /** what the app may see: departments with all below them, and single people */
  scopes(): Promise<{ departments: string[]; people: string[] }>
  leaveRecords(from: number, to: number): AsyncGenerator<LeaveRecord[]>
  /** Each call makes DingTalk forget what the call before it answered. It counts in the month's quota. */
  failedPushes(): Promise<FailedPushes>
}

/**
 * The calls of DingTalk's API that tell of an organisation.
 * https://open.dingtalk.com/document/development/query-user-details and its neighbours
 */
export function createDirectory({ call }: Pick<DingtalkClient, 'call'>): Directory {
  const post = <T>(path: string, schema: Parameters<typeof call<T>>[1], body: Fields) =>
    call({ host: 'oapi', method: 'POST', path, body }, schema)

  return {
    async user(userid) {
      const { value, askedAt } = await post('topapi/v2/user/get', userAnswer, { userid })
      return { value: value.result, askedAt }
    },
    async department(id) {
      const { value, askedAt } = await post('topapi/v2/department/get', departmentAnswer, { dept_id: BigInt(id) })
      return { value: value.result, askedAt }
    },
    async subDepartments(id) {
      const { value, askedAt } = await post('topapi/v2/department/listsub', departmentsAnswer, { dept_id: BigInt(id) })
      return { value: value.result, askedAt }
    },
    async subDepartmentIds(id) {
      const { value } = await post('topapi/v2/department/listsubid', departmentIdsAnswer, { dept_id: BigInt(id) })
      return value.result.dept_id_list
    },
    async *members(id) {
      let cursor = 0
      for (;;) {
        const { value, askedAt } = await post('topapi/v2/user/list', membersAnswer, {
          dept_id: BigInt(id),
          cursor,
          size: PEOPLE_PER_PAGE,
          order_field: 'entry_asc',
          // whoever is left out would look as if they had left
          contain_access_limit: true,
        })
        const { list, has_more: hasMore, next_cursor: next } = value.result
        yield { value: list, askedAt }
        // a cursor that does not move on would be asked for ever
        if (hasMore !== true || typeof next !== 'number' || next <= cursor || next > LAST_CURSOR) return
        cursor = next
      }
    },
    async memberIds(id) {
      const { value } = await post('topapi/user/listid', userIdsAnswer, { dept_id: BigInt(id) })
      return value.result.userid_list
    },
    async countPeople() {
      const { value } = await post('topapi/user/count', countAnswer, { only_active: false })
      return value.result.count
    },
    async scopes() {
      const { value } = await call({ host: 'oapi', method: 'GET', path: 'auth/scopes' }, scopesAnswer)
      const { authed_dept: departments, authed_user: people } = value.auth_org_scopes
      return { departments, people }
    },
    async *leaveRecords(from, to) {
      const span = { startTime: utc(from), endTime: utc(to) }
      let nextToken = '0'
      for (let page = 0; page < MAX_PAGES; page++) {
        const { value } = await call(
          {
            host: 'api',
            method: 'GET',
            path: 'v1.0/contact/empLeaveRecords',
            query: { ...span, nextToken, maxResults: String(RECORDS_PER_PAGE) },
          },
          leaveRecordsAnswer,
        )
        yield value.records.flatMap(({ userId, leaveTime }) => {
          const leftAt = typeof leaveTime === 'string' ? Date.parse(leaveTime) : leaveTime
          return typeof leftAt === 'number' && Number.isSafeInteger(leftAt) && leftAt > 0 ? [{ userId, leftAt }] : []
        })
        const next = String(value.nextToken ?? '')
        if (next === '' || next === '0' || next === nextToken) return
        nextToken = next
      }
    },
    async failedPushes() {
      const path = 'call_back/get_call_back_failed_result'
      const { value } = await call({ host: 'oapi', method: 'GET', path }, failedPushesAnswer)
      const { failed_list, failedList, has_more, hasMore } = value
      return { entries: [...failed_list, ...failedList], hasMore: (has_more ?? hasMore) === true }
    },
  }
}

/** In whole seconds, as DingTalk's own samples have it. */
function utc(time: number): string {
  return new Date(time).toISOString().replace(/\.\d{3}/, '')
}
