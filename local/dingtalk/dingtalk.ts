import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Clock, passedOn } from '../../shared/clock'
import { sendJson } from '../../shared/sendJson'
import type { CallbackTarget } from '../sender/requests'
import { inventApprovals } from './approvals'
import { createCallbacks } from './callbacks'
import { createCalls } from './calls/calls'
import { createControl, type DingTalkSettings } from './control'
import { createDirectory, FULL_ACCESS } from './directory'
import { pushedEvent } from './events'
import { type DingTalkFaults, NO_FAULTS } from './faults'
import { createGateway } from './gateway'
import { keepOrganisation } from './keepOrganisation'
import { createLimits, DINGTALK_LIMITS } from './limits'
import { createStream } from './stream'
import { createTokens } from './tokens'

interface DingTalkOptions {
  /** where the organisation is kept */
  folder: string
  /** undefined takes the one that is kept, or makes one */
  people: number | undefined
  /** what it is made by; at random where it is not said */
  seed?: number
  corpId: string
  /** where callbacks go; undefined when the webhook takes none */
  callbackTarget: CallbackTarget | undefined
  faults?: DingTalkFaults | undefined
  random(): number
  clock: Clock
}

/** A loopback DingTalk. */
export interface DingTalk {
  /** Answers `/dingtalk/api/*`, `/dingtalk/oapi/*` and `/dingtalk/control/*`. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  appKey: string
  appSecret: string
  /** Has people hand in approvals, as of the last two months; tells of them by callbacks. Returns how many. */
  handInApprovals(): number
  /** what it is, in a line */
  description: string
  stop(): void
}

/**
 * An organisation of invented people behind DingTalk's own calls, with its limits, faults and callbacks.
 * @throws UserError when the folder cannot be used
 */
export function createDingTalk(options: DingTalkOptions): DingTalk {
  const { corpId, clock, random } = options
  const kept = keepOrganisation(options.folder, options.people, clock.now(), options.seed)
  const settings: DingTalkSettings = {
    faults: options.faults ?? NO_FAULTS,
    access: FULL_ACCESS,
    limits: DINGTALK_LIMITS,
  }
  const { organisation, appKey, appSecret } = kept
  const faults = () => settings.faults
  const rule = () => settings.limits
  const stream = createStream({ appKey, appSecret, corpId }, { random, clock })
  const callbacks = createCallbacks({ stream, target: options.callbackTarget, kept, faults, random, clock })
  const limits = createLimits(rule)
  const tokens = createTokens({ appKey, appSecret, corpId }, () => passedOn(clock))
  const directory = createDirectory(organisation, () => settings.access)
  const calls = createCalls(callbacks.takeFailed)
  const gateway = createGateway({ calls, directory, appKey, tokens, stream, limits, rule, faults, random, clock })
  const control = createControl({ kept, corpId, settings, callbacks, stream, limits, tokens, handIn, clock })
  return {
    async handle(req, res) {
      const [, host, path = ''] = /^\/dingtalk\/(api|oapi|control)\/([^?]*)/.exec(req.url ?? '') ?? []
      if (host === 'api' || host === 'oapi') return gateway(host, path, req, res)
      if (host === 'control') return control(path, req, res)
      const message = 'DingTalk is at /dingtalk/api and /dingtalk/oapi, what changes it at /dingtalk/control.'
      sendJson(res, 404, { code: 'NotFound', message })
    },
    handInApprovals: () => handIn(Math.min(300, Math.max(40, organisation.people.size))),
    appKey,
    appSecret,
    description: describe(),
    stop() {
      stream.close()
      callbacks.stop()
      kept.close()
    },
  }

  function handIn(count: number): number {
    const now = clock.now()
    for (const [type, details] of inventApprovals(organisation, count, Math.floor(random() * 2 ** 31), now)) {
      callbacks.push(pushedEvent(type, corpId, now, details))
    }
    return count
  }

  function describe(): string {
    const { people, departments } = organisation
    const counts = `${people.size} invented people in ${departments.size} departments`
    const other = kept.isOther ? ', in place of those before, whom the table still has' : ''
    return `${counts}${kept.isOld ? ', as it was left' : other}, app key ${appKey}, corpId ${corpId}`
  }
}
