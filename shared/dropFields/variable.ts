import * as z from 'zod/mini'
import { listVariable, splitList } from '../config'
import { foldName } from './fieldNames'

/**
 * What people would not want on the bus, in traces and in dead letters unless they ask for it: by DingTalk's names of it in
 * connectors, callbacks, SyncHTTP and its directory; fieldNames.ts has their spellings.
 */
export const DROPPED_BY_DEFAULT =
  'mobile,stateCode,telephone,tel,email,orgEmail,avatar,avatarUrl,extension,extattr,extFields,remark,tags'

/** DROP_FIELDS: names of fields that leave an event before it is published; `none` drops nothing: an empty variable is an unset one. */
export const dropFieldsVariable = z.pipe(
  z._default(
    listVariable((name) => foldName(name) !== '', 'must be a list of field names, or none'),
    splitList(DROPPED_BY_DEFAULT),
  ),
  z.transform((names: string[]) => (names.join() === 'none' ? [] : names)),
)
