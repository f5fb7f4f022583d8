import { errorMessage } from '../errorCode'
import { FULLWIDTH, tellFullwidth } from '../fullwidth'
import { parseJsonPath } from '../jsonPath'
import type { FileFaults, Place } from '../yaml'
import type { JsonPath } from './mapping'

interface Paths {
  /** where an event's fields are */
  fields: JsonPath[]
  /** One from the root, or, for `.name`, from where the fields are: openFields() gathers them in the first place. */
  path(place: Place, text: string): JsonPath
}

/** The paths of mapping.yaml. What is none is noted among the faults. */
export function readPaths(fieldTexts: readonly string[], faults: FileFaults): Paths {
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
  return {
    fields,
    path: (place, text) =>
      text.startsWith('.') ? [...(fields[0] ?? []), ...parse(place, `$${text}`)] : parse(place, text, tellDot),
  }
}

/** Of a path without the dot before its first name, `orderInDepts`, `$name` or `body.name`: what is meant. */
function tellDot(text: string): string | undefined {
  const [, root = '', names = ''] = /^(\$?)([\p{L}_][\p{L}\p{N}_.-]*)$/u.exec(text) ?? []
  if (names === '' || /\.$|\.\./.test(names)) return undefined
  const begin = /^data(\.|$)/.test(names) ? '$.' : /^body\./.test(names) ? '$.data.' : `${root}.`
  return `"${text}" lacks its dot: write ${begin}${names}`
}
