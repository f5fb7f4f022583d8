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

/** What secrets are called in connections, in sources, in a target's ParamList, in headers and in queries. */
const SECRET =
  /passw|passphrase|passcode|^pass$|pwd|secret|token|credential|authori[sz]ation$|cookie|signature|assertion|(api|access|private|ssl|sign|account|shared|auth|subscription)[-_. ]?keys?(value)?$/i
/** What says something about a secret, or holds some by names of their own. */
const NO_SECRET = /(^Is[A-Z]\w*|Type|Name|Endpoint|Url|Parameters|PerMinute|Expires\w*)$/
/** What lets whoever has the text in: a login in an address, and parameters of a query or of a driver. */
const SECRET_TEXT = [
  /:\/\/[^/?#\s"$]+@/,
  /(passw\w*|pwd|secret|token)\s*=\s*["']?(?!\$\{)[^\s"'&;]/i,
  /[?&;]([^=&;]*(key|secret|sign|auth)[^=&;]*|code|sig)=(?!\$\{)[^&;]/i,
]
const VARIABLE = /^\$\{(\w+)\}$/

function withoutSecrets(state: State): State {
  const secrets: string[] = []
  const tables = Object.entries(state.tables).map(([table, rows]) => {
    if (table !== 'resources') return [table, rows]
    return [table, rows.map((row) => ({ ...row, definition: hideSecrets(row, secrets) }))]
  })
  return { ...state, ...(secrets.length > 0 && { secrets }), tables: Object.fromEntries(tables) }
}

/** What has none, and may be called as it likes: patterns, and what scheduled sources publish, are of events, which leave. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  bus: ['tags'],
  source: ['http', 'scheduled'],
  rule: ['filterPattern', 'tags'],
}

function hideSecrets({ kind, name, definition }: State['tables'][string][number], secrets: string[]): string {
  // ids, and nothing else
  if (kind === 'seed') return String(definition)
  const variableOf = (key: string) => `${kind}_${name}_${key}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  const standIn = (key: string) => {
    const base = variableOf(key)
    let variable = base
    for (let number = 2; secrets.includes(variable); number++) variable = `${base}_${number}`
    secrets.push(variable)
    return `\${${variable}}`
  }
  /** @param isSecret whether what it is in is one */
  const hide = (value: unknown, key: string, owner: Record<string, unknown>, isSecret = false): unknown => {
    const named = nameOf(key, owner)
    const isHidden = isSecret || isSecretName(named) || (key === 'Value' && String(owner['IsValueSecret']) === 'true')
    if (Array.isArray(value)) return value.map((item) => hide(item, key, owner, isHidden))
    if (isObject(value)) return fieldsOf(value, (field, inner) => hide(inner, field, value, isHidden))
    if (typeof value === 'number') return isHidden ? standIn(named) : value
    if (typeof value !== 'string' || value === '') return value
    const [, variable] = VARIABLE.exec(value) ?? []
    if (variable !== undefined) {
      // of an import that had no value for it: the next may have
      if (variable.replace(/_\d+$/, '') === variableOf(named).replace(/_\d+$/, '')) secrets.push(variable)
      return value
    }
    return isHidden || holdsSecret(value) ? standIn(named) : value
  }
  const whole = JSON.parse(String(definition))
  const without = ['name', ...(WITHOUT[String(kind)] ?? [])]
  const hidden = isObject(whole)
    ? fieldsOf(whole, (field, value) => (without.includes(field) ? value : hide(value, field, whole)))
    : whole
  return JSON.stringify(hidden)
}

function fieldsOf(value: Record<string, unknown>, change: (field: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, change(field, inner)]))
}

/** A pair of a list says what it is beside its Value. */
function nameOf(key: string, { ResourceKey, Key }: Record<string, unknown>): string {
  return key === 'Value' || key === 'Template' ? String(ResourceKey ?? Key ?? key) : key
}

function isSecretName(name: string): boolean {
  return SECRET.test(name) && !NO_SECRET.test(name)
}

/** Also what is JSON, or a template of it, such as HeaderParameters; what a rule takes from the event is none. */
function holdsSecret(text: string): boolean {
  if (SECRET_TEXT.some((form) => form.test(text))) return true
  return [...text.matchAll(/"([^"\\]+)"\s*:\s*"(?!\$)[^"]/g)].some(([, name = '']) => isSecretName(name))
}
