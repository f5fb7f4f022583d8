import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDingTalk } from '../../local/dingtalk/dingtalk'
import type { Department, Leaver, Person } from '../../local/dingtalk/organisation'
import { systemClock } from '../../shared/clock'

export const CORP_ID = 'dinga1b2c3d4e5f60718'
/** The most that DINGTALK_CALLS_PER_S can be. */
export const CALLS_PER_S = 60
const PEOPLE_A_PAGE = 100
const RECORDS_A_PAGE = 50
/** Of how long ago reconcile asks who has left. */
const LEAVERS_MS = 35 * 86_400_000

interface Truth {
  people: Person[]
  departments: Department[]
  leavers: Leaver[]
}

/** The fewest calls that tell everything, and the fewest seconds that these can take. */
export interface Floor {
  calls: number
  seconds: number
}

export interface Double {
  /** where a function finds it, and its keys */
  variables: NodeJS.ProcessEnv
  calls(): number
  truth(): Promise<Truth>
  close(): Promise<void>
}

/** A loopback DingTalk that limits nobody, and counts its calls. */
export async function startDingTalk(folder: string, people: number): Promise<Double> {
  const dingtalk = createDingTalk({
    folder,
    people,
    seed: 1,
    corpId: CORP_ID,
    callbackTarget: undefined,
    random: () => 0.999,
    clock: systemClock,
  })
  let calls = 0
  const server = http.createServer((req, res) => {
    if (!req.url?.startsWith('/dingtalk/control/')) calls++
    void dingtalk.handle(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // it does not hold the bench, should what follows fail
  server.unref()
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dingtalk`
  const limits = JSON.stringify({ perSecond: 1_000_000, banAfter: 1_000_000 })
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(`${url}/control/settings`, { method: 'POST', headers, body: limits })
  if (status !== 200) throw new Error(`the loopback DingTalk answered ${status}`)
  return {
    variables: {
      DINGTALK_API_ENDPOINT: `${url}/api`,
      DINGTALK_OAPI_ENDPOINT: `${url}/oapi`,
      DINGTALK_APP_KEY: dingtalk.appKey,
      DINGTALK_APP_SECRET: dingtalk.appSecret,
      DINGTALK_CORP_ID: CORP_ID,
      DINGTALK_CALLS_PER_S: String(CALLS_PER_S),
      EVENT_BUS_NAME: 'bench',
      ALIBABA_CLOUD_ACCESS_KEY_ID: 'bench',
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'bench',
    },
    calls: () => calls,
    async truth() {
      const response = await fetch(`${url}/control/organisation`)
      return (await response.json()) as Truth
    },
    close() {
      dingtalk.stop()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Each department: those below it, and its people by the page; then the ids of both. A token, what the app sees, the root, two counts. */
export function floorOf({ people, departments, leavers }: Truth): Floor {
  const sizes = new Map(departments.map(({ id }) => [id, 0]))
  for (const { placements } of people) {
    for (const { deptId } of placements) sizes.set(deptId, (sizes.get(deptId) ?? 0) + 1)
  }
  const pages = [...sizes.values()].reduce((sum, size) => sum + Math.max(1, Math.ceil(size / PEOPLE_A_PAGE)), 0)
  const lately = leavers.filter(({ at }) => at > Date.now() - LEAVERS_MS)
  const records = Math.max(1, Math.ceil(lately.length / RECORDS_A_PAGE))
  return {
    calls: 3 * sizes.size + pages + records + 5,
    // the lists of people and of departments go side by side
    seconds: (records + pages + sizes.size) / CALLS_PER_S,
  }
}
