import { type DingtalkServer, dingtalkServer } from './dingtalkServer'
import { type KeptLog, keptLog } from './logs'
import { answerFor, directoryTools, type TestOrganisation, testOrganisation } from './organisation'

export interface FreshDingTalk {
  server: DingtalkServer
  /** what it answers by; a test may put another one here */
  organisation: TestOrganisation
  directory: ReturnType<typeof directoryTools>
  log: KeptLog
}

/** A DingTalk with the organisation of the tests, and what is published of it: anew for each test of the file. */
export function freshDingTalk(): FreshDingTalk {
  const fresh = {} as FreshDingTalk
  beforeEach(async () => {
    const server = await dingtalkServer()
    server.answer((asked) => answerFor(fresh.organisation)(asked))
    const made: FreshDingTalk = {
      server,
      organisation: testOrganisation(),
      directory: directoryTools(server),
      log: keptLog(),
    }
    Object.assign(fresh, made)
  })
  afterEach(async () => {
    fresh.directory.client.close()
    await fresh.server.close()
  })
  return fresh
}
