import { log } from '@clack/prompts'
import type { FcCredentials } from '../../../shared/fc/types'
import { type Link, unknown } from '../../../shared/links'
import type { Answers } from '../answers'
import { askAndTry, askVariable, type Question } from '../askVariable'
import { askCaller } from '../checks/accessKey'
import { checkLogs } from '../checks/logs'

const KEY: readonly Question[] = [
  {
    name: 'AccessKeyID',
    what: 'of a RAM user with the policies of ram/README.md: RAM console → Users',
  },
  { name: 'AccessKeySecret', what: 'its other half, which the console shows once', secret: true },
  { name: 'FC_REGION_ID', what: 'region of the functions, the bus and the database', usual: 'cn-hangzhou' },
]
const ACCOUNT: Question = {
  name: 'AccountID',
  what: 'the number of the main account: console, top right → 账号 ID',
}
const LOGS: readonly Question[] = [
  { name: 'LOG_PROJECT', what: 'made beforehand (ram/README.md): Simple Log Service console, in that region' },
  { name: 'LOG_STORE', what: 'of that project, with the retention you want', usual: 'dingtalk-eventbridge' },
]
const NETWORK: readonly Question[] = [
  { name: 'VPC_ID', what: 'the VPC of the database: RDS console → instance → Database Connection' },
  { name: 'VSWITCH_ID', what: 'a vSwitch of that VPC: VPC console → vSwitches' },
  {
    name: 'SECURITY_GROUP_ID',
    what: 'of that VPC, and let into RDS: ECS console → Security Groups',
  },
]

/** The key, and the account, which the key tells. */
export async function askAccount(answers: Answers): Promise<void> {
  let accountId: string | undefined
  await askAndTry(answers, KEY, 'asking STS whose key it is', async () => {
    const credentials = credentialsOf(answers)
    if (credentials === undefined) return [unknown('access key', 'could not be tried: there is none yet')]
    const caller = await askCaller(credentials)
    accountId = caller.accountId
    return [caller.link]
  })
  if (accountId === undefined || answers.inShell(ACCOUNT.name)) return askVariable(answers, ACCOUNT)
  const before = answers.environment()[ACCOUNT.name]
  if (before === accountId) return
  answers.keep(ACCOUNT.name, accountId)
  if (before !== undefined) log.warn(`${ACCOUNT.name}: was another; it is the key’s account now`)
}

export function askLogs(answers: Answers): Promise<void> {
  return askAndTry(answers, LOGS, 'looking for project and logstore', async (): Promise<Link[]> => {
    const credentials = credentialsOf(answers)
    const { FC_REGION_ID: region = 'cn-hangzhou', LOG_PROJECT: project, LOG_STORE: logstore } = answers.environment()
    // what the shell sets has not been asked for, and host and path are made of these
    const isSound = [...KEY, ...LOGS].every(({ name }) => isGood(answers, name))
    if (!credentials || !project || !isSound)
      return [unknown('logs', 'could not be tried: a name is missing, or is none')]
    return [await checkLogs({ credentials, region, project, logstore: logstore ?? 'dingtalk-eventbridge' })]
  })
}

export async function askNetwork(answers: Answers): Promise<void> {
  for (const question of NETWORK) await askVariable(answers, question)
}

function isGood(answers: Answers, name: string): boolean {
  return answers.problem(name, answers.environment()[name] ?? '') === undefined
}

function credentialsOf(answers: Answers): FcCredentials | undefined {
  const { AccessKeyID: accessKeyId, AccessKeySecret: accessKeySecret } = answers.environment()
  return accessKeyId && accessKeySecret ? { accessKeyId, accessKeySecret } : undefined
}
