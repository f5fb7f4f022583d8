import { parse } from 'dotenv'
import { knownVariables } from '../../local/project/knownVariables'
import type { Environment } from '../../shared/config'

/** Where `s` and our commands read variables. */
export interface Sources {
  /** of .env, as our commands read them */
  dotEnv: Environment
  /** the text of .env, which `s` reads for itself; without it `dotEnv` is what it reads */
  dotEnvText?: string
  shell: Environment
}

/**
 * The variables as `s` has them where there are no `surprises`: of the shell those that are there, empty ones too, then
 * those of .env, read by the package that `s` has within it.
 */
export function readAsServerlessDevs(sources: Sources): Environment {
  return { ...fileOf(sources), ...sources.shell }
}

function fileOf({ dotEnv, dotEnvText }: Sources): Environment {
  return dotEnvText === undefined ? dotEnv : parse(dotEnvText)
}

/** What may hold a $: of all others something else says what they look like. */
const FREE_TEXT = [
  ...['MYSQL_PASSWORD', 'MYSQL_USER', 'MYSQL_DATABASE'],
  ...['WEBHOOK_TOKEN', 'CONNECTOR_API_SECRET', 'LOG_HASH_KEY'],
]

/** `s` works out the one in every value, and the template engine within it the other. */
const TEMPLATE = /\$\{[\s\S]*\}|<%[\s\S]*%>/

/**
 * Where `s` would take another value than the one that somebody wrote. So the CLI 3.1.10 was found to read them, and
 * serverlessDevs.test.ts asks it anew: .env by dotenv, all that .env names by dotenv-expand, then s.yaml as a template
 * whose results are templates again.
 * @param names of the variables that s.yaml takes
 */
export function surprises(sources: Sources, names: readonly string[]): string[] {
  const file = fileOf(sources)
  // those of other programs, which a file may hold as well, are for their readers
  const ours = Object.keys(file).filter(knownVariables('').isOurs)
  return [...new Set([...ours, ...names])].flatMap((name) => {
    const problem = surprise(file[name], sources.dotEnv[name], sources.shell[name], name)
    if (problem !== undefined) return [`${name}: ${problem}`]
    const isTemplate = names.includes(name) && TEMPLATE.test(sources.shell[name] ?? file[name] ?? '')
    return isTemplate ? [`${name}: has $\{…} or <%…%>, which s would work out: choose another value`] : []
  })
}

/**
 * @param written in .env, as `s` reads it
 * @param ours as we read it
 */
function surprise(
  written: string | undefined,
  ours: string | undefined,
  inShell: string | undefined,
  name: string,
): string | undefined {
  if (written !== ours) {
    return `s reads its line of .env in another way than we do: write ${name}="…", and nothing else in the line`
  }
  if (written?.includes('$')) return 'has a $, which s would expand: set this one in the shell alone'
  if (written === undefined || inShell === undefined || inShell === written) return undefined
  if (inShell.trim() === '') {
    return written.trim() === '' ? undefined : 'is empty in the shell, which s takes before .env: unset it there'
  }
  // in an action of `s` it is expanded already, and shows no $ any more
  if (!inShell.includes('$') && !FREE_TEXT.includes(name)) return undefined
  return 'the shell and .env differ, and s would expand a $ in the shell’s: set it in one of the two'
}
