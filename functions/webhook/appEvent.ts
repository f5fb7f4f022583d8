import { foldName } from '../../shared/dropFields/fieldNames'
import { isObject } from '../../shared/json'
import { openText } from './readContent'

/**
 * The events of the app's own life: DingTalk's checks of a URL, tickets and codes, authorisations by companies, orders on
 * its market. They are for whoever runs the app, and hold its secrets; all others are about an organisation.
 * https://open.dingtalk.com/document/development/development-data-format-help
 */
const APP_EVENT =
  /^(check(url|createsuite|updatesuite|suite)|suite(ticket|auth|change|relieve)|tmpauthcode|changeauth|orgsuite|orgmicroapp|market(buy|order|service))/

/**
 * What happened, by the event's own words for it (`user_add_org`), wherever its form has them: beside the fields, in the
 * headers of a frame of DingTalk Stream or in its `data`, in a SyncHTTP row's `biz_data`.
 */
export function actionsOf(event: unknown): string[] {
  const fields = fieldsOf(event)
  const places = [fields, fields['headers'], fields['data'], fields['biz_data']]
  return places.map(namedActions).find((actions) => actions.length > 0) ?? []
}

/**
 * Whether an event is about the app itself, or a message of DingTalk Stream to its client: neither is published. It may be
 * JSON text; a list is, when all that it holds is.
 */
export function isAboutApp(event: unknown): boolean {
  const opened = openText(event)
  if (Array.isArray(opened)) return opened.length > 0 && opened.every(isAboutApp)
  return isStreamMessage(opened) || actionsOf(opened).some((action) => APP_EVENT.test(foldName(action)))
}

function namedActions(place: unknown): string[] {
  return Object.entries(fieldsOf(place)).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' && isActionName(name) ? [value] : [],
  )
}

/** Folding a name only takes from it, so most are too short. */
function isActionName(name: string): boolean {
  return name.length >= 'eventType'.length && /^(syncaction|eventtype)$/.test(foldName(name))
}

/** The fields of an object, or of one that is JSON text. */
function fieldsOf(place: unknown): Record<string, unknown> {
  const opened = openText(place)
  return isObject(opened) ? opened : {}
}

/** A ping, a disconnect, a message to a robot: `{"specVersion":"1.0","type":"SYSTEM","headers":{…},"data":"…"}`. */
function isStreamMessage(event: unknown): boolean {
  return (
    isObject(event) &&
    'specVersion' in event &&
    /^(SYSTEM|CALLBACK)$/i.test(typeof event['type'] === 'string' ? event['type'] : '')
  )
}
