import { errorMessage } from '../errorCode'
import { FULLWIDTH, tellFullwidth } from '../fullwidth'
import { parseJsonPath } from '../jsonPath'
import type { FileFaults, Place } from '../yaml'
import { ITEM, type JsonPath } from './mapping'

interface Paths {
  /** where an event's fields are */
  fields: JsonPath[]
  /**
   * Those of one list, one each: from the root; for `.name` from where the fields are, which openFields() gathers in the
   * first place; for `@.name` from the item of the list that `each` names.
   */
  paths(place: Place, texts: readonly string[]): JsonPath[]
  /** as a Mapping has them, of all paths that were read */
  spellings: Record<string, string>
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
  const spellings: Record<string, string> = {}
  return {
    fields,
    spellings,
    paths(place, texts) {
      const found = texts.map((text) => {
        const isItem = text.startsWith(ITEM)
        const fault = isItem ? itemFault(place, hasItems) : undefined
        if (fault !== undefined) faults.add(place, `"${text}": ${fault}`)
        if (!isItem && !text.startsWith('.')) return { path: parse(place, text, tellDot) }
        const within = parse(place, `$${isItem ? text.slice(ITEM.length) : text}`, () => tellDot(text))
        return { path: [...(isItem ? [ITEM] : (fields[0] ?? [])), ...within], name: within[0], isItem }
      })
      for (const { name, isItem } of found) {
        if (typeof name !== 'string') continue
        const other = inOtherCase(name)
        // what the list has in both cases, of the same place, needs no help
        if (!found.some((one) => one.name === other && one.isItem === isItem)) spellings[other] = name
      }
      return found.map(({ path }) => path)
    },
  }
}

/** Of its first letter: the same event comes with `deptId` and with `DeptId`. */
function inOtherCase(name: string): string {
  const [first = ''] = name
  const other = first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()
  return other.length === first.length ? other + name.slice(first.length) : name
}

/** Parts of a table that are the whole event's. */
const OF_THE_EVENT: readonly PropertyKey[] = ['action', 'subtype', 'each', 'roster']

/** Why a path cannot begin with `@` there. */
function itemFault([part = '']: Place, hasItems: boolean): string | undefined {
  if (OF_THE_EVENT.includes(part))
    return `${String(part)} is the whole event's, and @ an item of the list that each names`
  return hasItems ? undefined : '@ is an item of the list that each names, and this table has no each'
}

/** Of a path without the dot before its first name, `orderInDepts`, `$name`, `@name` or `body.name`: what is meant. */
function tellDot(text: string): string | undefined {
  const [, root = '', names = ''] = /^([$@]?)([\p{L}_][\p{L}\p{N}_.-]*)$/u.exec(text) ?? []
  if (names === '' || /\.$|\.\./.test(names)) return undefined
  const begin = root === ITEM ? '@.' : /^data(\.|$)/.test(names) ? '$.' : /^body\./.test(names) ? '$.data.' : `${root}.`
  return `"${text}" lacks its dot: write ${begin}${names}`
}
