import { doorOf, type EventBridge } from '../../emulator'
import type { Door } from '../../shared/ownServer'
import { MAX_BODY_BYTES } from '../gateway/fcGateway'
import { createHttpTrigger } from '../gateway/httpTrigger'
import { createInvokeApi } from '../gateway/invokeApi'
import type { Origin } from '../gateway/origin'
import { LOCAL_ACCOUNT } from '../project/account'
import type { Functions } from './functions'
import type { TestKeys } from './testKeys'

interface Behind {
  functions: Functions
  eventBridge: EventBridge
  robot: Door
  /** the page about the organisation */
  organisation: Door
  addedHeaders: TestKeys['plainHeaders']
  dingtalk: Door | undefined
}

/** Opens the doors of a stack's origin: what answers there, by the path. */
export function openDoors(origin: Origin, behind: Behind): void {
  const { functions, eventBridge, robot, organisation, addedHeaders, dingtalk } = behind
  const { hosts, webhook } = functions
  const { accountId, region } = LOCAL_ACCOUNT
  const maxBodyBytes = MAX_BODY_BYTES
  const now = () => new Date()
  origin.open({
    webhook: createHttpTrigger({ host: webhook, accountId, region, maxBodyBytes, addedHeaders, now }),
    invoke: createInvokeApi(hosts, { maxBodyBytes }),
    eventBridge: (req) => doorOf(eventBridge, req),
    robot,
    organisation,
    dingtalk,
    endStreams: eventBridge.endStreams,
  })
}
