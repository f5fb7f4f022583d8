import { errorMessage } from '../errorCode'
import { FULLWIDTH, tellFullwidth } from '../fullwidth'
import { parseJsonPath } from '../jsonPath'
import type { FileFaults, Place } from '../yaml'
import { ITEM, type JsonPath } from './mapping'

interface Paths {
  /** where an event's fields are */
  fields: JsonPath[]
  /**
   * One from the root; for `.name` from where the fields are, which openFields() gathers in the first place; for `@.name`
   * from the item of the list that `each` names. Behind such a beginning a name is one with its first letter in the other
   * case, too: the same event comes with `deptId` and with `DeptId`.
   */
  paths(place: Place, texts: readonly string[]): JsonPath[]
}

/**
 * The paths of mapping.yaml. What is none is noted among the faults.
 * @param hasItems whether the table has `each`
 */
export function readPaths(fieldTexts: readonly string[], hasItems: boolean, faults: FileFaults): Paths {
  const parse = (place: Place, text: string, tellSlip: (text: string) => string | undefined = () => undefined) => {
    try {
      const path = parseJsonPath(text)
      // a name may hold any letter, and one of these is never meant unless it is in quotes
      const fullwidth = FULLWIDTH.exec(text.replace(/\[(['"]).*?\1\]/g, ''))?.[0]
      if (fullwidth !== undefined) faults.add(place, `${JSON.stringify(text)} has ${tellFullwidth(fullwidth)}`)
      return path
    } catch (error) {
      faults.add(place, tellSlip(text) ?? errorMessage(error))
      return []
    }
  }
  const fields = fieldTexts.map((text) => parse(['fields'], text))
  const spellings = (place: Place, text: string): JsonPath[] => {
    if (text.startsWith('.')) return inBothCases(fields[0] ?? [], parse(place, `$${text}`))
    if (!text.startsWith(ITEM)) return [parse(place, text, tellDot)]
    const fault = noItem(place, hasItems)
    if (fault !== undefined) faults.add(place, `"${text}": ${fault}`)
    return inBothCases([ITEM], parse(place, `$${text.slice(ITEM.length)}`))
  }
  return { fields, paths: (place, texts) => texts.flatMap((text) => spellings(place, text)) }
}

/** As it is written, and then with the first letter of its first name in the other case. */
function inBothCases(beginning: JsonPath, [name, ...further]: JsonPath): JsonPath[] {
  if (name === undefined) return [beginning]
  const [first = ''] = typeof name === 'string' ? name : []
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()
  const names =
    other.length !== first.length || other === first ? [name] : [name, other + String(name).slice(first.length)]
  return names.map((spelling) => [...beginning, spelling, ...further])
}

/** Parts of a table that are the whole event's. */
const OF_THE_EVENT: readonly PropertyKey[] = ['action', 'subtype', 'each', 'roster']

/** Why a path cannot begin with `@` there. */
function noItem([part = '']: Place, hasItems: boolean): string | undefined {
  if (OF_THE_EVENT.includes(part))
    return `${String(part)} is the whole event's, and @ an item of the list that each names`
  return hasItems ? undefined : '@ is an item of the list that each names, and this table has no each'
}

/** Of a path without the dot before its first name, `orderInDepts`, `$name` or `body.name`: what is meant. */
function tellDot(text: string): string | undefined {
  const [, root = '', names = ''] = /^(\$?)([\p{L}_][\p{L}\p{N}_.-]*)$/u.exec(text) ?? []
  if (names === '' || /\.$|\.\./.test(names)) return undefined
  const begin = /^data(\.|$)/.test(names) ? '$.' : /^body\./.test(names) ? '$.data.' : `${root}.`
  return `"${text}" lacks its dot: write ${begin}${names}`
}
