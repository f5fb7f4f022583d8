import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createDingTalk, type DingTalk } from '../../local/dingtalk/dingtalk'
import type { Department, Leaver, Person } from '../../local/dingtalk/organisation'
import { type ManualClock, manualClock } from './manualClock'

type Options = Partial<Parameters<typeof createDingTalk>[0]> & {
  folder: string
  clock?: ManualClock
  /** before each of DingTalk's own calls is answered; true when it is answered by that */
  before?(call: string, res: ServerResponse): boolean
}

export interface TestDingTalk extends DingTalk {
  clock: ManualClock
  /** `http://127.0.0.1:<port>/dingtalk` */
  url: string
  /** Posts to oapi with the token of now, and gives the text of the answer. */
  oapi(path: string, args?: unknown, token?: string): Promise<string>
  /** Gets from oapi or api. */
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; type: string; text: string }>
  control(name: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }>
  token(): Promise<string>
  truth(): Promise<{ people: Person[]; departments: Department[]; leavers: Leaver[] }>
  close(): Promise<void>
}

/** A loopback DingTalk behind a server of its own; time is a clock that the test turns. */
export async function startTestDingTalk({ before, ...options }: Options): Promise<TestDingTalk> {
  const clock = options.clock ?? manualClock()
  const dingtalk = createDingTalk({
    people: 50,
    seed: 1,
    corpId: 'dinga1b2c3d4e5f60718',
    callbackTarget: undefined,
    random: () => 0.999,
    ...options,
    clock,
  })
  const server = http.createServer((req, res) => {
    const [, call] = /^\/dingtalk\/(?:api|oapi)\/([^?]+)/.exec(req.url ?? '') ?? []
    if (call === undefined || before?.(call, res) !== true) void dingtalk.handle(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dingtalk`

  async function get(path: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}/${path}`, { headers })
    const type = response.headers.get('content-type') ?? ''
    return { status: response.status, type, text: await response.text() }
  }

  async function post(path: string, body: string) {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/${path}`, { method: 'POST', body, headers })
    return { status: response.status, text: await response.text() }
  }

  async function token(): Promise<string> {
    const { text } = await get(`oapi/gettoken?appkey=${dingtalk.appKey}&appsecret=${dingtalk.appSecret}`)
    return (JSON.parse(text) as { access_token: string }).access_token
  }

  return {
    ...dingtalk,
    clock,
    url,
    get,
    token,
    async oapi(path, args = {}, given) {
      const proof = given ?? (await token())
      const body = typeof args === 'string' ? args : JSON.stringify(args)
      return (await post(`oapi/${path}?access_token=${proof}`, body)).text
    },
    async control(name, body) {
      const { status, text } =
        body === undefined ? await get(`control/${name}`) : await post(`control/${name}`, JSON.stringify(body))
      return { status, body: JSON.parse(text) as Record<string, unknown> }
    },
    async truth() {
      return JSON.parse((await get('control/organisation')).text)
    },
    close() {
      dingtalk.stop()
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
