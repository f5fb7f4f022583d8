import { actionsOf } from '../../functions/webhook/appEvent'
import { alignColumns } from '../../shared/alignColumns'
import { isObject, jsonFields } from '../../shared/json'
import { userIdsOf } from '../../shared/logUsers'
import type { Replayable } from './publish'

/** Of a push that names hundreds. */
const MAX_PEOPLE = 3
/** A function's error may be as long as it likes, and what can never be stored may be so for its length. */
const [MAX_REASON, MAX_WORD] = [240, 64]
/** Aligned together; a column as wide as the widest of a hundred thousand would serve nobody. */
const PAGE = 200

/**
 * A line for each event that is to be published again: its id, what happened, to whom, and why it is still there. Of people
 * it says what the event trace shows: user ids, and the first character of a name.
 */
export function tellEvents(events: readonly Pick<Replayable, 'id' | 'json' | 'reason'>[]): string[] {
  const cells = events.map(({ id, json, reason = '' }) => {
    const body = bodyOf(json)
    return [id, cut(actionsOf(body).join(' '), MAX_WORD) || 'no action', tellPeople(body), cut(reason, MAX_REASON)]
  })
  const pages = Array.from({ length: Math.ceil(cells.length / PAGE) }, (_, page) =>
    cells.slice(page * PAGE, (page + 1) * PAGE),
  )
  return pages.flatMap(alignColumns)
}

function bodyOf(json: string): unknown {
  const { data } = jsonFields(json)
  return isObject(data) ? data['body'] : undefined
}

function tellPeople(body: unknown): string {
  const ids = userIdsOf(body)
  if (ids.length === 0) return '–'
  const shown = ids.slice(0, MAX_PEOPLE).map((id) => cut(id, MAX_WORD))
  const more = ids.length > MAX_PEOPLE ? ` and ${ids.length - MAX_PEOPLE} more` : ''
  const name = isObject(body) && ids.length === 1 ? masked(body['name']) : ''
  return `${shown.join(' ')}${more}${name}`
}

/** As a name is masked in China: 小* */
function masked(name: unknown): string {
  const [first] = typeof name === 'string' ? name : ''
  return first === undefined ? '' : ` ${first}*`
}

function cut(text: string, length: number): string {
  const trimmed = text.trim()
  return trimmed.length > length ? `${trimmed.slice(0, length)}…` : trimmed
}
