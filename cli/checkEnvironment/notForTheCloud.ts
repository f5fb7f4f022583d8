import fs from 'node:fs'
import { isIP } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { LOCAL_ACCOUNT } from '../../local/project/account'
import { readAddressBlock } from '../../shared/addressBlock'
import { type Environment, setVariables } from '../../shared/config'
import { isContainersHost, isLoopbackHost } from '../../shared/isLoopbackHost'
import { TEST_KEYS } from '../events/eventFiles'

/** Variables that name hosts, as Function Compute would have to reach them, or be reached from them. */
const HOSTS: readonly {
  name: string
  read: (value: string) => readonly string[]
  isWrong: (host: string) => boolean
  problem: string
}[] = [
  {
    name: 'MYSQL_HOST',
    read: (host) => [host],
    isWrong: isLocalName,
    problem: 'must be the instance, not this machine',
  },
  {
    name: 'EVENTBRIDGE_ENDPOINT',
    read: hostOf,
    isWrong: isLocalName,
    problem: 'must be EventBridge in the cloud, not this machine',
  },
  ...['DINGTALK_API_ENDPOINT', 'DINGTALK_OAPI_ENDPOINT'].map((name) => ({
    ...{ name, read: hostOf, isWrong: isLocalName, problem: 'must be DingTalk’s own host, not this machine' },
  })),
  {
    name: 'DINGTALK_ROBOT_URL',
    read: hostOf,
    isWrong: isLocalName,
    problem: 'must be DingTalk’s robot, not this machine',
  },
  { name: 'ALLOWED_IPS', read: list, isWrong: isLoopbackBlock, problem: 'would let in nobody but this machine' },
  { name: 'ALLOWED_REFERERS', read: list, isWrong: isLoopbackHost, problem: 'would let in nobody but this machine' },
]

/** Names by which our commands take the account and its key as well, and which go first there. `s` knows none of them. */
const TWINS = [
  ['AccountID', 'FC_ACCOUNT_ID'],
  ['AccessKeyID', 'ALIBABA_CLOUD_ACCESS_KEY_ID'],
  ['AccessKeySecret', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
] as const

/**
 * What is right for the commands, or for the local stack, and would go wrong in a deployment.
 * @param codeFolders of the functions
 */
export function notForTheCloud(variables: Environment, codeFolders: readonly string[]): string[] {
  const environment = setVariables(variables)
  return [
    ...HOSTS.flatMap(({ name, read, isWrong, problem }) => {
      const hosts = read(environment[name] ?? '')
      return hosts.length > 0 && hosts.every(isWrong) ? [`${name}: ${problem}`] : []
    }),
    ...TWINS.flatMap(([name, twin]) =>
      environment[twin] && !environment[name] ? [`${name}: is not set, and s does not read ${twin}`] : [],
    ),
    ...otherAccount(environment),
    ...(list(environment['DINGTALK_AES_KEY'] ?? '').includes(TEST_KEYS.aesKey)
      ? ['DINGTALK_AES_KEY: is the published key of the test events, with which anyone could sign']
      : []),
    ...codeFolders
      .map((folder) => path.join(folder, '.env'))
      .filter((file) => fs.existsSync(file))
      .map((file) => `${path.relative('', file)}: s would read this file, too, and upload it: delete it`),
  ]
}

/** The bus must be made in the account that the functions are deployed to. */
function otherAccount(environment: Environment): string[] {
  const { AccountID, FC_ACCOUNT_ID } = environment
  const keys = ['AccessKeyID', 'ALIBABA_CLOUD_ACCESS_KEY_ID']
  return [
    ...(AccountID && FC_ACCOUNT_ID && AccountID !== FC_ACCOUNT_ID
      ? ['FC_ACCOUNT_ID: is another account than AccountID, to which s deploys: unset it']
      : []),
    ...keys
      .filter((name) => environment[name] === LOCAL_ACCOUNT.credentials.accessKeyId)
      .map((name) => `${name}: is the key of the local stack: unset it`),
  ]
}

function hostOf(url: string): string[] {
  return URL.canParse(url) ? [new URL(url).hostname] : []
}

function list(value: string): string[] {
  return value.split(',').flatMap((item) => item.trim() || [])
}

function isLoopbackBlock(text: string): boolean {
  const block = readAddressBlock(text)
  return block !== undefined && isLoopbackHost(block.address) && block.bits >= (block.family === 4 ? 8 : 128)
}

/** This machine, also by the names that it and its containers have among themselves: no domain is without a dot. */
function isLocalName(text: string): boolean {
  const host = text.toLowerCase().replace(/^\[|\]$|\.$/g, '')
  if (host === '') return false
  if (isLoopbackHost(host) || isContainersHost(host) || host === os.hostname().toLowerCase() || host.startsWith('/'))
    return true
  if (isIP(host) === 6) return host === '::' || /^::ffff:(127\.|7f)/.test(host)
  if (isIP(host) === 4) return host === '0.0.0.0'
  return !host.includes('.') || /\.(localhost|localdomain|local)$|^127(\.\d+)*$/.test(host)
}
