import { isObject } from '../../shared/json'
import { fillTexts, type Variables } from '../config/fillVariables'
import { parseState, type State } from '../store/state'

interface ExportOptions {
  /** true: with the secrets of connections and targets, and with private keys */
  secrets?: boolean | undefined
}

/**
 * A store's state as the text of one file. The secrets of what was made by API stay here: a variable, such as
 * `${CONNECTION_HR_PASSWORD}`, stands for each, and the import fills it in where it has a value.
 */
export function stateText(state: State, { secrets = false }: ExportOptions = {}): string {
  return `${JSON.stringify(secrets ? state : withoutSecrets(state))}\n`
}

/**
 * Reads what stateText wrote.
 * @param state its text, or what that parses to
 * @param variables what stands for secrets that were left out
 * @returns the state, and the variables that have no value: what needs them fails until it is changed by API
 * @throws UserError
 */
export function readState(
  state: string | object,
  name: string,
  variables: Variables,
): { state: State; missing: string[] } {
  const read = parseState(typeof state === 'string' ? state : JSON.stringify(state), name)
  const { secrets = [], tables, ...rest } = read
  // no other text is taken for a variable
  const own = Object.fromEntries(secrets.map((secret) => [secret, variables[secret]]))
  const resources = (tables['resources'] ?? []).map((row) => {
    const { entry } = fillTexts(JSON.parse(String(row['definition'])) as object, own)
    return { ...row, definition: JSON.stringify(entry) }
  })
  return {
    state: { ...rest, tables: { ...tables, ...(tables['resources'] && { resources }) } },
    missing: secrets.filter((secret) => !own[secret]),
  }
}

/** What names a secret in a connection or in a target's ParamList. */
const SECRET = /password|secret|token|apikeyvalue/i
/** A query that lets whoever has it in, as a robot's. */
const SECRET_QUERY = /\?.*(token|key|secret|sign)[^=]*=/i
const PRIVATE_KEY = /^-----BEGIN [A-Z ]*PRIVATE KEY-----/

function withoutSecrets(state: State): State {
  const secrets: string[] = []
  const tables = Object.entries(state.tables).map(([table, rows]) => {
    // its owner makes another one
    const open = rows.filter((row) => !Object.values(row).some((value) => PRIVATE_KEY.test(String(value))))
    if (table !== 'resources') return [table, open]
    return [table, open.map((row) => ({ ...row, definition: hideSecrets(row, secrets) }))]
  })
  return { ...state, ...(secrets.length > 0 && { secrets }), tables: Object.fromEntries(tables) }
}

function hideSecrets({ kind, name, definition }: State['tables'][string][number], secrets: string[]): string {
  const text = String(definition)
  // a bus and a source have none, and a field of theirs may be called as it likes
  if (kind !== 'connection' && kind !== 'rule' && kind !== 'api-destination') return text
  const standIn = (key: string) => {
    const base = `${kind}_${name}_${key}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
    const same = secrets.filter((other) => other.replace(/_\d+$/, '') === base).length
    const variable = same === 0 ? base : `${base}_${same + 1}`
    secrets.push(variable)
    return `\${${variable}}`
  }
  const hide = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => hide(item, key))
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map((field) => [field[0], ofField(value, field)]))
    return value
  }
  const ofField = (owner: Record<string, unknown>, [key, value]: [string, unknown]): unknown => {
    if (typeof value !== 'string' || value === '' || /^\$\{\w+\}$/.test(value)) return hide(value, key)
    // a pair of a list says what it is beside its Value
    const named = key === 'Value' ? String(owner['ResourceKey'] ?? owner['Key'] ?? key) : key
    const isMarked = key === 'Value' && String(owner['IsValueSecret'] ?? false) === 'true'
    const isNamed = SECRET.test(named) && (key === 'Value' || !/^(Is|.*Type$|.*Key$|ResourceKey)/.test(key))
    return isMarked || isNamed || SECRET_QUERY.test(value) ? standIn(named) : value
  }
  return JSON.stringify(hide(JSON.parse(text), ''))
}
