import { parseEnv } from 'node:util'
import { parse } from 'dotenv'
import type { Environment } from '../../shared/config'

/** Where `s` reads variables. */
export interface Sources {
  /** the text of .env */
  dotEnv: string
  shell: Environment
}

/**
 * The variables as `s` has them where `surprises` finds none: of the shell those that are there, empty ones too, then
 * those of .env, read by the package that `s` has within it.
 */
export function readAsServerlessDevs({ dotEnv, shell }: Sources): Environment {
  return { ...parse(dotEnv), ...shell }
}

/** What may hold a $, since nothing else says what it looks like. */
const FREE_TEXT = [
  'MYSQL_PASSWORD',
  'MYSQL_USER',
  'MYSQL_DATABASE',
  'WEBHOOK_TOKEN',
  'CONNECTOR_API_SECRET',
  'LOG_HASH_KEY',
]

/** `s` works out the one in every value, and art-template within it the other. */
const TEMPLATE = /\$\{[\s\S]*\}|<%[\s\S]*%>/

/**
 * Where `s` would take another value than the one that somebody wrote. That is how the CLI 3.1.10 was found to read them,
 * which readAsServerlessDevs.test.ts asks of it anew: .env by dotenv, all that .env names by dotenv-expand, then s.yaml as
 * a template whose results are a template again.
 * @param names of the variables that s.yaml takes
 */
export function surprises({ dotEnv, shell }: Sources, names: readonly string[]): string[] {
  const file = parse(dotEnv)
  const ours: Environment = parseEnv(dotEnv)
  const inFile = Object.entries(file)
  const inBoth = inFile.flatMap(([name, value]) => {
    const other = shell[name]
    return other === undefined || other === value || value.includes('$') ? [] : [{ name, value, other }]
  })
  return [
    ...inFile.flatMap(([name, value]) =>
      value.includes('$') ? [`${name}: has a $, which s would expand: set this one in the shell alone`] : [],
    ),
    ...[...new Set([...Object.keys(file), ...names])].flatMap((name) =>
      ours[name] === file[name]
        ? []
        : [
            `${name}: s reads its line of .env in another way than we do: write ${name}="…", and nothing else in the line`,
          ],
    ),
    ...inBoth.flatMap(({ name, value, other }) => {
      if (other.trim() === '') {
        return value.trim() === '' ? [] : [`${name}: is empty in the shell, which s takes before .env: unset it there`]
      }
      // within `s` it is expanded already, and no $ is left to be seen
      return other.includes('$') || FREE_TEXT.includes(name)
        ? [
            `${name}: is another one in the shell than in .env, and s would expand a $ in it: take it out of one of them`,
          ]
        : []
    }),
    ...names.flatMap((name) =>
      TEMPLATE.test(shell[name] ?? file[name] ?? '')
        ? [`${name}: has $\{…} or <%…%>, which s would work out: choose another value`]
        : [],
    ),
  ]
}
