import { type CANCEL_SYMBOL, confirm, isCancel, log, multiselect, password, spinner, text } from '@clack/prompts'
import type { Link } from '../../shared/links'
import { UserError } from '../../shared/userError'

/** Somebody pressed Ctrl-C or Esc. */
export class Left extends UserError {}

export type Validate = (value: string) => string | undefined

/** Asks for a line; Enter takes what is shown in its place. */
export async function askText(message: string, shown: string, validate: Validate): Promise<string> {
  const options = { placeholder: shown, defaultValue: shown, validate: (value = '') => validate(value) }
  return orLeave(await text({ message, ...options }))
}

/** Asks for a line that nobody sees. */
export async function askSecret(message: string, validate: Validate = () => undefined): Promise<string> {
  return orLeave(await password({ message, validate: (value = '') => validate(value) }))
}

export async function askYesNo(message: string, initialValue: boolean): Promise<boolean> {
  return orLeave(await confirm({ message, initialValue }))
}

/** Asks which of several; none may be, too. */
export async function askWhich<Value extends string>(
  message: string,
  labels: Readonly<Record<Value, string>>,
  initialValues: Value[],
): Promise<Value[]> {
  const options = Object.entries<string>(labels).map(([value, label]) => ({ value, label }))
  return orLeave(await multiselect<string>({ message, options, initialValues, required: false })) as Value[]
}

function orLeave<T>(answer: T | typeof CANCEL_SYMBOL): T {
  if (isCancel(answer)) throw new Left('Left.')
  return answer as T
}

/** Shows that something goes on. Keys are not echoed meanwhile; Ctrl-C ends the process, and not as if all were done. */
export async function whileTrying<T>(line: string, work: () => Promise<T>): Promise<T> {
  const left = () => {
    process.exitCode = 1
  }
  const wheel = spinner({ cancelMessage: 'Left. npm run setup goes on from here.' })
  process.on('exit', left)
  wheel.start(line)
  try {
    return await work()
  } finally {
    process.off('exit', left)
    wheel.stop(line)
  }
}

/** A line a link, and below it what to do. */
export function tell(links: readonly Link[]): void {
  const say = { ok: log.success, wrong: log.error, unknown: log.warn }
  for (const { name, state, found, next } of links) {
    say[state](`${name}: ${found}${next === undefined ? '' : `\n→ ${next}`}`)
  }
}
