import fc from 'fast-check'
import type { Connection } from 'mysql2/promise'
import { HTTP_EVENT } from '../../shared/eventbridge/cloudEvent'
import { hostileText } from '../draw/hostile'

/** Somebody of whom each text may be anything, half of a surrogate pair, too. */
export const person = fc.record({
  n: fc.integer({ min: 0, max: 2 ** 31 }),
  userId: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: hostileText }),
  name: text(),
  position: text(),
  jobnumber: text(),
  unionid: text(),
  dingId: text(),
  orderInDepts: text(),
  managerUserid: text(),
  department: fc.oneof(
    fc.json({ maxDepth: 3 }).map((json) => JSON.parse(json)),
    hostileText,
  ),
})

export type Person = typeof person extends fc.Arbitrary<infer T> ? T : never

function text(): fc.Arbitrary<string> {
  return fc.oneof(
    hostileText,
    fc.constantFrom('\ud800', 'a\udfffb', '😀', 'a'.repeat(64), 'a'.repeat(65), 'é', '王', 'x'.repeat(256), 'x '),
    fc.string({ unit: 'grapheme', maxLength: 260 }),
  )
}

let delivered = 0

/** Each is somebody else, and newer than the last. */
const idOf = ({ n, userId }: Person) => (userId === '' ? `fuzz${n}` : userId)

export function deliveryOf(given: Person): Buffer {
  const { n: _n, userId: _userId, ...fields } = given
  const event = {
    id: `person-${++delivered}`,
    source: 'my.dingtalk',
    specversion: '1.0',
    type: HTTP_EVENT,
    time: new Date(Date.now() + delivered).toISOString(),
    data: { body: { syncAction: 'user_modify_org', CorpId: 'dingcorpfuzz', userId: idOf(given), ...fields } },
  }
  return Buffer.from(JSON.stringify(event))
}

/** Of what each column holds, as the statement of CREATE TABLE in mapping.yaml says. */
const COLUMNS: readonly [column: string, field: keyof Person, maxLength: number, isAscii: boolean][] = [
  ['title', 'position', 200, false],
  ['jobNumber', 'jobnumber', 64, false],
  ['unionId', 'unionid', 64, true],
  ['dingId', 'dingId', 256, true],
  ['orderInDepts', 'orderInDepts', 4_096, false],
  ['managerUserId', 'managerUserid', 64, true],
]

/**
 * Holds a row against what was sent: each text is as it was, or named as one that was left out, and then it is one that its
 * column cannot hold.
 * @throws Error
 */
export async function checkRow(
  server: Connection,
  given: Person,
  { deadLettered, badValues = '' }: { deadLettered: number; badValues?: string | undefined },
): Promise<void> {
  // an id is read without the spaces around it
  const id = idOf(given).trim()
  if (/[^\0-\x7f]/.test(id)) {
    if (deadLettered === 0) throw new Error('somebody is stored whose id the column cannot hold')
    return
  }
  const [rows] = await server.execute('SELECT * FROM user_info WHERE corpId = ? AND userId = ?', ['dingcorpfuzz', id])
  const row = (rows as Record<string, unknown>[])[0]
  // what begins as JSON does is no id
  const isGoodId = fits(id, 64, true) && id !== '' && !/^[[{"]/.test(id)
  if (deadLettered > 0) {
    if (isGoodId && !/\p{Cc}/u.test(id)) throw new Error('somebody who can be stored is a dead letter')
    return
  }
  if (row === undefined) throw new Error('it says that somebody is stored, and there is no row')
  const leftOut = new Set(badValues.split(' ').map((name) => name.replace(/^user_info\./, '')))
  for (const [column, field, maxLength, isAscii] of COLUMNS) {
    const sent = given[field] as string
    if (leftOut.has(column)) {
      if (fits(sent, maxLength, isAscii)) throw new Error(`${column} can be stored, and was left out`)
    } else if ((row[column] ?? '') !== sent) {
      throw new Error(`${column} is not what was sent`)
    }
  }
  // a name is for people to read: without what cannot be seen, and as much of it as there is room for
  const name = [...given.name.replace(/\p{Cc}/gu, '').trim()]
  const isBad = leftOut.has('name')
  if (!isBad && name.length > 0 && row['name'] !== name.slice(0, 256).join('')) throw new Error('the name is another')
}

function fits(sent: string, maxLength: number, isAscii: boolean): boolean {
  if (isAscii && /[^\0-\x7f]/.test(sent)) return false
  return !/\p{Surrogate}/u.test(sent) && [...sent].length <= maxLength
}

export async function hasLetters(server: Connection): Promise<boolean> {
  const [rows] = await server.query('SELECT 1 FROM dead_letters LIMIT 1')
  return (rows as unknown[]).length > 0
}
