import { systemClock } from '../../shared/clock'
import { createDingtalkClient } from '../../shared/dingtalk/directory/client'
import { createDirectory } from '../../shared/dingtalk/directory/directory'
import { createDirectoryEvents } from '../../shared/dingtalk/directory/events'
import type { Tools } from '../../shared/dingtalk/directory/instance'
import { createPublisher } from '../../shared/eventbridge/publisher'
import { parseExact } from '../../shared/json'
import { type Answer, type Asked, type DingtalkServer, ok } from './dingtalkServer'
import { acceptAll } from './webhook'

/** An organisation that a test's DingTalk tells of: departments by what they are below, people by their departments. */
export interface TestOrganisation {
  departments: Map<number, { name: string; parent: number }>
  people: Map<string, { name: string; departments: number[] }>
  /** what the app may see */
  scope: { departments: number[]; people: string[] }
  leaveRecords: object[]
}

/** Root, two departments below it and one below these; five people, of whom one is in two departments. */
export function testOrganisation(): TestOrganisation {
  return {
    departments: new Map([
      [1, { name: '示例公司', parent: 0 }],
      [610000447, { name: '平台组', parent: 1 }],
      [610000448, { name: '财务', parent: 1 }],
      [610000449, { name: '运维', parent: 610000447 }],
    ]),
    people: new Map([
      ['manager8801', { name: '周一', departments: [1] }],
      ['0147', { name: '林晓满', departments: [610000447, 610000448] }],
      ['0148', { name: '林小满', departments: [610000447] }],
      ['0149', { name: '吴九', departments: [610000449] }],
      ['Z-9', { name: '郑十', departments: [610000448] }],
    ]),
    scope: { departments: [1], people: [] },
    leaveRecords: [],
  }
}

/** Answers as DingTalk would for the organisation as it is at the time. */
export function answerFor({ departments, people, ...of }: TestOrganisation): Answer {
  const isSeen = (id: number): boolean =>
    of.scope.departments.includes(id) || (departments.has(id) && id !== 1 && isSeen(departments.get(id)?.parent ?? 1))
  const membersOf = (id: number) => [...people].filter(([, person]) => person.departments.includes(id))
  const below = (id: number) => [...departments].filter(([, { parent }]) => parent === id)
  const tell = (userid: string, { name, departments: ids }: { name: string; departments: number[] }) => ({
    userid,
    name,
    active: true,
    avatar: 'https://planted.example.com',
    dept_id_list: ids,
  })
  const department = (body: Asked['body'], isLimited: boolean, found: (id: number) => object) => {
    const id = Number(body['dept_id'])
    if (!departments.has(id)) return { errcode: 60003, errmsg: '部门不存在' }
    return isLimited && !isSeen(id) ? { errcode: 50004, errmsg: '不在授权范围内' } : found(id)
  }
  const departmentFields = (id: number) => ({
    dept_id: id,
    name: departments.get(id)?.name,
    ...(id !== 1 && { parent_id: departments.get(id)?.parent }),
  })

  return ({ path, body }) => {
    switch (path) {
      case 'auth/scopes':
        return { errcode: 0, auth_org_scopes: { authed_dept: of.scope.departments, authed_user: of.scope.people } }
      case 'topapi/v2/department/get':
        return department(body, true, (id) => ok(departmentFields(id)))
      case 'topapi/v2/department/listsub':
        return department(body, true, (id) => ok(below(id).map(([child]) => departmentFields(child))))
      case 'topapi/v2/department/listsubid':
        return department(body, false, (id) => ok({ dept_id_list: below(id).map(([child]) => child) }))
      case 'topapi/user/listid':
        return department(body, false, (id) => ok({ userid_list: membersOf(id).map(([userid]) => userid) }))
      case 'topapi/user/count':
        return ok({ count: people.size })
      case 'topapi/v2/user/list':
        return department(body, true, (id) => {
          // pages of two people
          const cursor = Number(body['cursor'])
          const list = membersOf(id).map(([userid, person]) => ({
            ...tell(userid, person),
            leader: id === 610000447,
            dept_order: 176220100000000512n + BigInt(id),
          }))
          const hasMore = list.length > cursor + 2
          const page = { has_more: hasMore, list: list.slice(cursor, cursor + 2) }
          return ok(hasMore ? { ...page, next_cursor: cursor + 2 } : page)
        })
      case 'topapi/v2/user/get': {
        const id = String(body['userid'])
        const person = people.get(id)
        if (person === undefined) return { errcode: 60121, errmsg: '找不到该用户' }
        const isOut = !of.scope.people.includes(id) && !person.departments.some(isSeen)
        return isOut ? { errcode: 50002, errmsg: '不在授权范围内' } : ok(tell(id, person))
      }
      case 'v1.0/contact/empLeaveRecords':
        return { nextToken: '0', records: of.leaveRecords }
      default:
        return undefined
    }
  }
}

export interface PublishedEvent {
  id: string
  type: string
  source: string
  data: { body: Record<string, unknown> }
}

/** What reconcile and enrich work with, and the events that they have published. */
export function directoryTools({ url }: DingtalkServer, putEvents = acceptAll, dropFields = ['avatar']) {
  const published: PublishedEvent[] = []
  const client = createDingtalkClient(
    {
      DINGTALK_APP_KEY: 'dinginvented',
      DINGTALK_APP_SECRET: 'planted-secret',
      DINGTALK_API_ENDPOINT: url,
      DINGTALK_OAPI_ENDPOINT: url,
      DINGTALK_CALLS_PER_S: 60,
    },
    systemClock,
    () => Number.POSITIVE_INFINITY,
  )
  const source = { name: 'my.dingtalk', busName: 'dingtalk', region: 'cn-hangzhou', accountId: '123456789012' }
  const tools: Tools = {
    directory: createDirectory(client),
    events: createDirectoryEvents(source, 'dingcorp', dropFields, Date.now),
    publisher: createPublisher(async (batch) => {
      const answer = await putEvents(batch)
      published.push(...batch.map((json) => parseExact(json) as PublishedEvent))
      return answer
    }, systemClock),
  }
  const bodies = (...actions: string[]) =>
    published.map(({ data }) => data.body).filter(({ syncAction }) => actions.includes(String(syncAction)))
  return { tools, client, published, bodies }
}
