import type { TargetEntry } from '../targets/compileTarget'

/** By name; an empty one counts as unset. */
export type Variables = Readonly<Record<string, string | undefined>>

/** `${DINGTALK_ROBOT_URL}`. A template's own variables, and `${region}`, are in lower case. */
const VARIABLE = /\$\{([A-Z][A-Z0-9_]*)\}/g

/** A target with its variables filled in, and which of them were. */
export interface FilledTarget {
  entry: TargetEntry
  used: Record<string, string>
  /** those that have no value; they stay as they are written */
  missing: string[]
}

/**
 * Fills variables in where a file would else hold an address or a secret: in a target's Endpoint, and in the Value of what is
 * CONSTANT in its ParamList.
 */
export function fillTarget(entry: TargetEntry, variables: Variables): FilledTarget {
  const used: Record<string, string> = {}
  const missing = new Set<string>()
  const fill = (text: string) =>
    text.replace(VARIABLE, (written, name: string) => {
      const value = variables[name]
      if (!value) {
        missing.add(name)
        return written
      }
      used[name] = value
      return value
    })
  const filled = {
    ...entry,
    Endpoint: fill(entry.Endpoint),
    ParamList: entry.ParamList.map((param) =>
      param.Form === 'CONSTANT' && param.Value !== undefined ? { ...param, Value: fill(param.Value) } : param,
    ),
  }
  return { entry: filled, used, missing: [...missing] }
}

/** A text without what is filled in later. */
export function withoutVariables(text: string): string {
  return text.replace(VARIABLE, '')
}
