import path from 'node:path'
import { systemClock } from '../../shared/clock'
import type { Environment } from '../../shared/config'
import { selectRows } from '../../shared/database'
import type { Mapping } from '../../shared/mapping/mapping'
import { actionIn } from '../../shared/mapping/ruleOf'
import { quote } from '../../shared/mapping/tables'
import type { UndoSteps } from '../../shared/undoSteps'
import { type DatabaseAddress, openConnection } from '../database/database'
import { createDingTalk, type DingTalk } from '../dingtalk/dingtalk'
import type { DingTalkFaults } from '../dingtalk/faults'
import type { Settings } from '../project/settings'
import { readCallbackKeys, readCorpId } from '../sender/senderVariables'

const APPROVAL = 'bpms_instance_change'

export interface LocalDingTalkOptions {
  /** undefined takes the organisation that is kept, or makes one of the default size */
  people: number | undefined
  faults: DingTalkFaults | undefined
}

interface LocalDingTalk extends Pick<DingTalk, 'handle' | 'description' | 'handInApprovals'> {
  /** for the functions, and for LOCAL_DIR/env */
  variables: Readonly<Record<string, string>>
}

/**
 * The loopback DingTalk of a stack, in LOCAL_DIR/dingtalk. Its callbacks go to the webhook of the same stack.
 * @param environment with the stack's test keys
 * @throws UserError
 */
export function startLocalDingTalk(
  { people, faults }: LocalDingTalkOptions,
  { localDir }: Pick<Settings, 'localDir'>,
  environment: Environment,
  origin: string,
  undo: UndoSteps,
): LocalDingTalk {
  const corpId = readCorpId(environment)
  const keys = readCallbackKeys(environment)
  const { handle, handInApprovals, description, appKey, appSecret, stop } = createDingTalk({
    folder: path.join(localDir, 'dingtalk'),
    people,
    corpId,
    callbackTarget: keys && { url: new URL('/webhook/putEvents', origin), keys },
    faults,
    random: Math.random,
    clock: systemClock,
  })
  undo.add(stop)
  return {
    handle,
    handInApprovals,
    description,
    variables: {
      DINGTALK_API_ENDPOINT: `${origin}/dingtalk/api`,
      DINGTALK_OAPI_ENDPOINT: `${origin}/dingtalk/oapi`,
      DINGTALK_APP_KEY: appKey,
      DINGTALK_APP_SECRET: appSecret,
      DINGTALK_CORP_ID: corpId,
    },
  }
}

/**
 * Where the mapping has a table of approvals, and none of this organisation is in it, people hand some in, so that there
 * is something to see. Those of the example events are of another.
 */
export async function handInFirst(
  { handInApprovals, variables }: Pick<LocalDingTalk, 'handInApprovals' | 'variables'>,
  address: DatabaseAddress,
  mappings: readonly Mapping[],
  report: (line: string) => void,
): Promise<void> {
  const mapping = mappings.find(({ events }) => Object.keys(events).some((name) => actionIn(name) === APPROVAL))
  if (mapping === undefined) return
  const connection = await openConnection(address, {})
  try {
    const ours = mapping.key.some(({ name }) => name === 'corpId') ? [variables['DINGTALK_CORP_ID'] ?? ''] : []
    const sql = `SELECT 1 FROM ${quote(mapping.table)} ${ours.map(() => 'WHERE corpId = ?').join('')} LIMIT 1`
    if ((await selectRows(connection, sql, ours)).length > 0) return
  } finally {
    await connection.end()
  }
  report(`DingTalk: people hand in ${handInApprovals()} approvals of the last two months`)
}
