import type { ReceivedEvent } from '../../shared/eventbridge/parseCloudEvents'
import type { JsonPath, Mapping } from '../../shared/mapping/mapping'
import { itemsOf, openFields } from '../../shared/mapping/readKeys'
import { actionIn, firstOf, own, ruleOf } from '../../shared/mapping/ruleOf'
import { nearest } from '../../shared/nearest'
import { tellPath } from './explainRow'

/** Why an event is none of a table's, and what the table knows in its place. */
export function whyNotOfTable({ event }: ReceivedEvent, mapping: Mapping): string {
  const { events, roster, subtype } = mapping
  const opened = openFields(mapping.fields, event, mapping.spellings)
  if (ruleOf(mapping, opened) !== undefined) {
    return itemsOf(mapping, opened)?.length === 0 ? 'its list has no items' : 'it reports an error, and names nobody'
  }
  const action = firstOf(mapping.action, opened)
  if (typeof action !== 'string') return `it does not say what happened: there is no text at ${told(mapping.action)}`
  const more = firstOf(subtype, opened)
  const rule = own(events, `${action}/${String(typeof more === 'object' ? '' : more)}`) ?? own(events, action)
  if (rule?.type !== undefined) return `takes ${action} of the type ${rule.type} alone`
  if (action === roster?.action) return `takes ${action} of the type ${roster.type} alone`
  const names = Object.keys(events)
  const known = names.filter((name) => actionIn(name) === action).join(', ')
  if (known !== '' && more === undefined) return `has ${known}, and the event has nothing at ${told(subtype)}`
  if (known !== '') return `has no event ${action}/${JSON.stringify(more)?.replace(/^"|"$/g, '')}, but ${known}`
  const meant = nearest(action, names.map(actionIn))
  return `has no event ${action}${meant === undefined ? '' : `: is ${meant} meant?`}`

  function told(paths: readonly JsonPath[]): string {
    return paths.map((path) => tellPath(path, mapping)).join(', ')
  }
}
