import { styleText } from 'node:util'
import { log, S_BAR } from '@clack/prompts'
import type { Link } from '../../shared/links'
import type { Answers } from './answers'
import { askSecret, askText, askYesNo, tell, whileTrying } from './ask'

export interface Question {
  name: string
  /** what it is, and where one finds it: in a line of a terminal */
  what: string
  /** nobody sees what is typed, and what is there is never shown */
  secret?: boolean
  /** what it is for whoever has no other wish; '' where it may stay unset */
  usual?: string
  /** for whoever has none yet */
  make?: () => string
}

/**
 * Asks for one variable and writes the answer into .env. An empty answer leaves it for later.
 * @param again whether it is asked for although what is there is no fault by itself
 */
export async function askVariable(answers: Answers, question: Question, again = false): Promise<void> {
  const { name, secret, usual, make } = question
  if (answers.inShell(name)) return log.info(`${name}: the shell sets it, and goes before .env`)
  const present = answers.environment()[name]
  const fault = present === undefined ? undefined : answers.problem(name, present)
  const isLacking = fault !== undefined || (present === undefined && usual === undefined)
  if (answers.onlyLacking && !again && !isLacking) return
  if (fault !== undefined) log.warn(fault)
  const isKept = secret && present !== undefined && fault === undefined
  if (isKept && (await askYesNo(`${name} is set. Keep it?`, true))) return
  const validate = (typed: string) => {
    const value = trimmed(name, typed)
    return value === '' ? undefined : answers.problem(name, value)
  }
  const typed = secret
    ? await askSecret(messageOf(question), validate)
    : await askText(
        messageOf(question, fault === undefined ? present : undefined),
        (fault === undefined ? present : undefined) ?? usual ?? '',
        validate,
      )
  const given = trimmed(name, typed)
  const value = given === '' && make ? make() : given
  if (value !== (present ?? '')) answers.keep(name, value)
  if (value !== given) log.success(`${name}: made; .env has it`)
  if (value === '' && usual === undefined) log.info(`${name}: left for later`)
}

function messageOf({ name, what, make }: Question, present?: string): string {
  const keeps = present === undefined ? [] : ['Enter keeps what is there, a blank empties it.']
  const lines = [name, what, ...(make ? ['Enter makes one.'] : keeps)]
  return lines.join(`\n${styleText('gray', S_BAR)}  `)
}

/** As parseConfig does: of a password blanks are not cut off. */
function trimmed(name: string, value: string): string {
  return name.endsWith('PASSWORD') ? value : value.trim()
}

/** Asks, tries the answers, and asks again as long as they are wrong and somebody wants to mend them. */
export async function askAndTry(
  answers: Answers,
  questions: readonly Question[],
  line: string,
  check: () => Promise<Link[]>,
): Promise<void> {
  for (let again = false; ; again = true) {
    for (const question of questions) await askVariable(answers, question, again)
    const links = await whileTrying(line, check)
    tell(links)
    if (!links.some(({ state }) => state === 'wrong')) return
    if (!(await askYesNo('Answer these again?', true))) return
  }
}
