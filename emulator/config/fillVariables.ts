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
  const { fill, used, missing } = filling(variables)
  const filled = {
    ...entry,
    Endpoint: fill(entry.Endpoint),
    ParamList: entry.ParamList.map((param) =>
      param.Form === 'CONSTANT' && param.Value !== undefined ? { ...param, Value: fill(param.Value) } : param,
    ),
  }
  return { entry: filled, used, missing: [...missing] }
}

/** Fills variables in wherever a text has them: a connection's login and key are secrets, too. */
export function fillTexts<T>(entry: T, variables: Variables): Omit<FilledTarget, 'entry'> & { entry: T } {
  const { fill, used, missing } = filling(variables)
  const filled = JSON.parse(JSON.stringify(entry), (_, value) => (typeof value === 'string' ? fill(value) : value))
  return { entry: filled as T, used, missing: [...missing] }
}

function filling(variables: Variables) {
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
  return { fill, used, missing }
}

/** A text without what is filled in later. */
export function withoutVariables(text: string): string {
  return text.replace(VARIABLE, '')
}

/** Where those who use the repository set variables. */
export const IN_REPOSITORY = 'in the shell, in .env for the cloud or in .env.local for this machine'

/**
 * Of variables that a file names and nothing sets: what to do.
 * @param where they are set: `in the shell`
 */
export function tellMissing(names: readonly string[], where: string): string {
  const which = names.map((name) => `\${${name}}`).join(' and ')
  const has = names.length === 1 ? 'has no value' : 'have no values'
  return `${which} ${has}: set ${names.join(' and ')} ${where}, or the rule that needs it to Status: DISABLE`
}

/** Fills `${region}` and `${account}` of eventbridge.yaml in. */
export function fillPlace(text: string, { region, accountId }: { region: string; accountId: string }): string {
  return text.replace(/\$\{region\}/g, region).replace(/\$\{account\}/g, accountId)
}
