import * as z from 'zod/mini'
import { type Clock, systemClock } from '../../../shared/clock'
import {
  createDingtalkClient,
  type DingtalkClient,
  type DingtalkConfig,
} from '../../../shared/dingtalk/directory/client'
import { createDirectory } from '../../../shared/dingtalk/directory/directory'
import { DingtalkError } from '../../../shared/dingtalk/directory/errors'
import { kindOf } from '../../../shared/dingtalk/directory/readFailure'
import { type Link, ok, unknown, wrong } from '../../../shared/links'
import { ROOT } from '../readOrganisation'
import { isDepartment } from '../walk'
import { judgePeople, lookForPeople } from './people'
import { checkPermission, PERMISSIONS } from './permissions'
import { attempt, MEND_ADDRESS, MEND_CORPORATION, stepFor } from './refusals'

/** All calls together; a busy DingTalk is tried again within it. */
const LIMIT_MS = 20_000
const MOST_NAMED = 10

interface Where {
  /** what to do about an address that DingTalk refuses, where the functions have another one */
  fromOutside?: string
  clock?: Clock
}

/**
 * What stands between these keys and a walk, by the calls that a walk makes: the same from the function and from the
 * command line. The list of failed callbacks is not asked for: DingTalk forgets what it has told of.
 */
export async function checkDingtalk(
  config: DingtalkConfig & { DINGTALK_CORP_ID: string },
  { fromOutside, clock = systemClock }: Where = {},
): Promise<Link[]> {
  const end = clock.now() + LIMIT_MS
  const client = createDingtalkClient(config, clock, () => end)
  const directory = createDirectory(client)
  try {
    const scopes = await attempt(() => directory.scopes())
    if (scopes instanceof DingtalkError && !isAboutCall(scopes)) {
      const names = ['corporation', 'range', ...PERMISSIONS.map(({ name }) => `permission ${name}`), 'people']
      const lost = names.map((name) => unknown(`DingTalk ${name}`, 'DingTalk cannot be asked'))
      return [judgeKey(scopes, fromOutside), ...lost]
    }
    const root = scopes instanceof DingtalkError ? ROOT : (scopes.departments.find(isDepartment) ?? ROOT)
    const corporation = judgeCorporation(await attempt(() => askAsCorporation(client, config)))
    const permissions: Link[] = []
    for (const permission of PERMISSIONS)
      permissions.push(await checkPermission(permission, directory, root, clock.now()))
    const people = await attempt(() => lookForPeople(directory, root))
    return [
      ok('DingTalk app key', `accepted by ${new URL(config.DINGTALK_API_ENDPOINT).host}`),
      corporation,
      judgeRange(scopes),
      ...permissions,
      judgePeople(people),
    ]
  } finally {
    client.close()
  }
}

/** Others may be answered where this one is not. */
function isAboutCall({ code, reaction }: DingtalkError): boolean {
  const kind = kindOf(code)
  return kind === 'permission' || kind === 'quota' || reaction === 'refused'
}

function judgeKey(error: DingtalkError, fromOutside: string | undefined): Link {
  const name = 'DingTalk app key'
  const kind = kindOf(error.code)
  if (kind !== 'address') return (kind === 'keys' ? wrong : unknown)(name, error.message, stepFor(error))
  return fromOutside === undefined
    ? wrong(name, error.message, MEND_ADDRESS)
    : unknown(name, error.message, fromOutside)
}

/** The token of 2025, which is had by who names the corporation; by that alone it can be tried. */
function askAsCorporation(
  { call }: DingtalkClient,
  { DINGTALK_APP_KEY, DINGTALK_APP_SECRET, DINGTALK_CORP_ID }: DingtalkConfig & { DINGTALK_CORP_ID: string },
): Promise<object> {
  const path = `v1.0/oauth2/${encodeURIComponent(DINGTALK_CORP_ID)}/token`
  const body = {
    client_id: DINGTALK_APP_KEY,
    client_secret: DINGTALK_APP_SECRET,
    grant_type: 'client_credentials',
  }
  return call({ host: 'api', method: 'POST', path, body }, z.object({ access_token: z.string() }))
}

/** DingTalk answers an error of its own, and no word, to who names another corporation. */
function judgeCorporation(error: object): Link {
  const name = 'DingTalk corporation'
  if (!(error instanceof DingtalkError)) return ok(name, 'the app is that of DINGTALK_CORP_ID')
  const isOther = error.code === 'unknownError' || kindOf(error.code) === 'keys'
  if (isOther) return wrong(name, `the app is not one of DINGTALK_CORP_ID, it seems (${error.code})`, MEND_CORPORATION)
  return unknown(name, error.message, stepFor(error))
}

function judgeRange(scopes: { departments: string[]; people: string[] } | DingtalkError): Link {
  const name = 'DingTalk range'
  if (scopes instanceof DingtalkError) return wrong(name, scopes.message, stepFor(scopes))
  const { departments, people } = scopes
  const widen = 'the developer console sets it under permissions (权限管理, 权限范围: 全部员工); then npm run reconcile'
  if (departments.includes(ROOT)) return ok(name, 'the whole organisation')
  if (departments.length + people.length === 0) return wrong(name, 'nobody: the app may see no department', widen)
  const named = departments.slice(0, MOST_NAMED).join(', ')
  const more = departments.length > MOST_NAMED ? ` and ${departments.length - MOST_NAMED} more` : ''
  const found = `${departments.length} departments with all below them (${named}${more}) and ${people.length} single people`
  return ok(name, found, `of all others nothing is read, and their rows have what events carry; to see all, ${widen}`)
}
