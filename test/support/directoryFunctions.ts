import type { FcHandler } from '../../shared/fc/types'
import { type DingtalkServer, dingtalkServer } from './dingtalkServer'
import { fcContext } from './fcEvent'
import { answerFor, testOrganisation } from './organisation'
import type { story } from './story'

export interface DirectoryFunctions {
  /** DingTalk and EventBridge in one */
  server: DingtalkServer
  /** what the log has of the running step */
  lines: Record<string, unknown>[]
  /** good ones */
  variables(): NodeJS.ProcessEnv
  invoke(handler: FcHandler, payload: unknown, variables?: NodeJS.ProcessEnv): Promise<unknown>
}

/** Enrich and reconcile as Function Compute calls them, with one server for all that they call: an instance is built once. */
export function directoryFunctions(step: ReturnType<typeof story>): DirectoryFunctions {
  const environment = process.env
  const functions = {
    variables: () => configuredFor(functions.server),
    invoke(handler, payload, variables = functions.variables()) {
      process.env = variables
      return handler(Buffer.from(JSON.stringify(payload)), { ...fcContext, function: { timeout: 600 } })
    },
  } as DirectoryFunctions
  beforeAll(async () => {
    functions.server = await dingtalkServer()
    functions.server.answer(answerFor(testOrganisation()))
    functions.server.answer(({ path, text }) => {
      if (path !== 'openapi/putEvents') return undefined
      const events = JSON.parse(text) as unknown[]
      return { RequestId: 'R', FailedEntryCount: 0, EntryList: events.map(() => ({ EventId: 'e' })) }
    })
  })
  step.beforeEach(() => {
    functions.lines = []
    const keep = (line: unknown) => void functions.lines.push(JSON.parse(String(line)))
    jest.spyOn(console, 'log').mockImplementation(keep)
    jest.spyOn(console, 'error').mockImplementation(keep)
  })
  afterEach(() => jest.restoreAllMocks())
  afterAll(async () => {
    process.env = environment
    await functions.server.close()
  })
  return functions
}

function configuredFor({ url }: DingtalkServer): NodeJS.ProcessEnv {
  return {
    DINGTALK_APP_KEY: 'dinginvented',
    DINGTALK_APP_SECRET: 'planted-secret',
    DINGTALK_CORP_ID: 'dingcorp',
    DINGTALK_API_ENDPOINT: url,
    DINGTALK_OAPI_ENDPOINT: url,
    DINGTALK_CALLS_PER_S: '60',
    EVENTBRIDGE_ENDPOINT: url,
    EVENT_BUS_NAME: 'dingtalk',
    LOG_HASH_KEY: 'a key for the tests',
  }
}
