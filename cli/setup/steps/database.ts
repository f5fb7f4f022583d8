import { type EmployeesConfig, readConfig } from '../../../functions/employees/config'
import { readProjectFile } from '../../../local/project/projectFiles'
import { readServerlessFile } from '../../../local/project/serverlessFile'
import { ConfigError } from '../../../shared/config'
import { type Link, unknown } from '../../../shared/links'
import { readMappings } from '../../../shared/mapping/readMappings'
import { checkOurDatabase, FROM_INSIDE } from '../../doctor/database'
import { CERTIFICATES, ROOT } from '../../project'
import type { Answers } from '../answers'
import { askAndTry, type Question } from '../askVariable'

const DATABASE: readonly Question[] = [
  {
    name: 'MYSQL_HOST',
    what: 'its domain name in the VPC: RDS console → instance → Database Connection',
  },
  { name: 'MYSQL_PORT', what: 'beside it', usual: '3306' },
  { name: 'MYSQL_USER', what: 'an account with rights on the tables: RDS console → instance → Accounts' },
  { name: 'MYSQL_PASSWORD', what: 'its password', secret: true },
  { name: 'MYSQL_DATABASE', what: 'the database with the tables: RDS console → instance → Databases' },
  {
    name: 'MYSQL_SSL',
    what: 'off, required, or a CA file in certs/; empty: off in a private network alone',
    usual: '',
  },
]

/** What the setup asks for; whatever else is wrong (no tables yet) is for later. */
const ASKED_FOR = new Set(['database', 'tls', 'grants'])

export function askDatabase(answers: Answers): Promise<void> {
  return askAndTry(answers, DATABASE, 'trying the database', async () => {
    const config = read(answers)
    if (config === undefined) return [unknown('database', 'could not be tried: not all is answered')]
    const deployed = readServerlessFile(readProjectFile(ROOT, 's.yaml'))
    const mappingText = readProjectFile(ROOT, 'mapping.yaml')
    const mappings = readMappings(mappingText, 'mapping.yaml')
    const place = { isLocal: false, deployed, mappings, mappingText, certificates: CERTIFICATES }
    const [reach, ...links] = await checkOurDatabase(place, config)
    // there is nothing to ask from inside yet
    if (reach?.next === FROM_INSIDE)
      return [
        { ...reach, next: 'if RDS is in a VPC, that is as it should be: once the functions are deployed, they tell' },
      ]
    if (reach === undefined || reach.state !== 'ok') return reach === undefined ? [] : [reach]
    return [reach, ...links.map(forLater)]
  })
}

function read(answers: Answers): EmployeesConfig | undefined {
  try {
    return readConfig(answers.environment())
  } catch (error) {
    if (error instanceof ConfigError) return undefined
    throw error
  }
}

function forLater(link: Link): Link {
  return link.state === 'wrong' && !ASKED_FOR.has(link.name) ? { ...link, state: 'unknown' } : link
}
