import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { FUNCTIONS, fillServerless } from '../../support/serverless'

const ROOT = path.join(__dirname, '../../..')
const readText = (file: string) => fs.readFileSync(path.join(ROOT, file), 'utf8')
/** A file, or all that is in a folder. */
const readAll = (file: string): string =>
  fs.statSync(path.join(ROOT, file)).isDirectory()
    ? fs
        .readdirSync(path.join(ROOT, file))
        .map((name) => readAll(`${file}/${name}`))
        .join('\n')
    : readText(file)
const readme = readText('ram/README.md')

interface Statement {
  Effect: string
  Action: string[]
  Resource: string[]
  Condition?: Record<string, unknown>
}
const readPolicy = (file: string) => JSON.parse(readText(`ram/${file}`)) as { Version: string; Statement: Statement[] }

const NAMES = [...FUNCTIONS, 'deployer', 'remover', 'operator']
const policies = NAMES.map((name) => [name, readPolicy(`${name}.policy.json`).Statement] as const)
const actionsOf = (statements: readonly Statement[]) => statements.flatMap(({ Action }) => Action)

/** The rows under a policy's heading: | `right` | for | `file`: `text` | known from | */
function rowsOf(name: string) {
  const section = readme.split(/^### /m).find((part) => part.startsWith(`${name}\n`)) ?? ''
  return [...section.matchAll(/^\| `(\w+:\w+)` \| [^|]+ \| `([^`]+)`: `([^`]+)` \| (.+) \|$/gm)].map(
    ([, action = '', file = '', text = '', known = '']) => ({ action, file, text, known }),
  )
}

test('ram/ has a policy for each of them, a trust policy for each function, and an explanation', () => {
  const files = NAMES.map((name) => `${name}.policy.json`)
  expect(fs.readdirSync(path.join(ROOT, 'ram')).sort()).toEqual(
    [...files, ...FUNCTIONS.map((name) => `${name}.trust.json`), 'README.md', 'README.zh-CN.md'].sort(),
  )
})

test.each(FUNCTIONS)('only Function Compute takes the role of %s', (name) => {
  expect(readPolicy(`${name}.trust.json`)).toEqual({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['fc.aliyuncs.com'] } }],
  })
})

test.each(policies)('%s: every action is named in full, once, and allowed', (_, statements) => {
  const actions = actionsOf(statements)
  expect(actions.filter((action) => !/^[a-z]+:[A-Z]\w+$/.test(action))).toEqual([])
  expect(new Set(actions).size).toBe(actions.length)
  expect(statements.every(({ Effect }) => Effect === 'Allow')).toBe(true)
})

test.each(policies)('%s: the README ties every right to what calls it, and no other right', (name, statements) => {
  expect(rowsOf(name).map(({ action }) => action)).toEqual(actionsOf(statements))
})

test.each(NAMES.flatMap((name) => rowsOf(name).map((row) => ({ name, ...row }))))(
  '$name needs $action for $text in $file',
  ({ file, text }) => {
    expect(readAll(file)).toMatch(new RegExp(`(?<!\\w)${text}(?!\\w)`))
  },
)

test('the operator has the right to every operation of EventBridge that a command calls', () => {
  const calls = readAll('cli').match(
    /(?<=[.'"])(create|get|list|update|delete|enable|disable|query|put|test)(Event\w*|UserDefined\w+|Rules?|Targets)(?=[('"])/g,
  )
  const rights = new Set(calls?.map((call) => `eventbridge:${call[0]?.toUpperCase()}${call.slice(1)}`))
  expect(rights).toContain('eventbridge:PutEvents')
  const granted = actionsOf(readPolicy('operator.policy.json').Statement)
  expect([...rights].filter((right) => !granted.includes(right))).toEqual([])
})

test('every right is known from a document, or said to be assumed', () => {
  const links = new Set([...readme.matchAll(/^\[(\w+)\]: https:\/\//gm)].map(([, name]) => name))
  for (const { action, known } of NAMES.flatMap(rowsOf)) {
    const cited = [...known.matchAll(/\]\[(\w+)\]/g)].map(([, name]) => name)
    expect({ action, cited: cited.filter((name) => !links.has(name)) }).toEqual({ action, cited: [] })
    expect(cited.length > 0 || known.includes('assumed')).toBe(true)
  }
  const used = new Set([...readme.matchAll(/\]\[(\w+)\]/g)].map(([, name]) => name))
  expect([...links].filter((name) => !used.has(name))).toEqual([])
})

test('the JSON in the commands is JSON', () => {
  const texts = [...readme.matchAll(/--(?:line|keys) '([^']+)'/g)].map(([, text]) => text ?? '')
  expect(texts.map((text) => typeof JSON.parse(text))).toEqual(['object', 'object'])
})

/** Rights on everything: what has no resource of its own, or is used by the cloud alone. */
const ON_EVERYTHING = /^(vpc|ecs):|^fc:GetTempBucketToken$/

test('rights are on the resources of this project, by the names of s.yaml and eventbridge.yaml', () => {
  const { resources } = fillServerless({})
  const { EventBusName } = parse(readText('eventbridge.yaml')) as { EventBusName: string }
  const names = {
    eventbridge: [EventBusName],
    fc: FUNCTIONS.map((name) => resources[name].props.functionName),
    ram: [...FUNCTIONS.map((name) => resources[name].props.role), 'aliyunserviceroleforeventbridgesendtofc'],
    log: [(resources.webhook.props['logConfig'] as { logstore: string }).logstore],
  }
  for (const [, statements] of policies) {
    for (const { Action, Resource } of statements) {
      const services = new Set(Action.map((action) => action.split(':')[0] ?? ''))
      if (Resource.includes('*')) {
        expect(Action.filter((action) => !ON_EVERYTHING.test(action))).toEqual([])
        continue
      }
      expect(services.size).toBe(1)
      const [service] = services
      const known = names[service as keyof typeof names].map((name) => `/${name}`)
      expect(Resource.filter((resource) => !resource.startsWith(`acs:${service}:*:*:`))).toEqual([])
      expect(
        Resource.filter((resource) => !known.some((name) => `${resource.toLowerCase()}/`.includes(`${name}/`))),
      ).toEqual([])
    }
  }
})

test('whoever deploys and removes may do so with every function, and with every trigger of s.yaml', () => {
  const { resources } = fillServerless({})
  for (const [name, action] of [
    ['deployer', 'fc:CreateTrigger'],
    ['remover', 'fc:DeleteTrigger'],
  ] as const) {
    const { Statement } = readPolicy(`${name}.policy.json`)
    const resourcesOf = (right: string) => Statement.find(({ Action }) => Action.includes(right))?.Resource ?? []
    const all = FUNCTIONS.map((key) => resources[key].props)
    const triggers = all.flatMap(({ functionName, triggers = [] }) =>
      triggers.map(({ triggerName }) => `acs:fc:*:*:functions/${functionName}/triggers/${triggerName}`),
    )
    expect(resourcesOf(action)).toEqual(triggers)
    const ofFunctions = name === 'deployer' ? 'fc:CreateFunction' : 'fc:DeleteFunction'
    expect(resourcesOf(ofFunctions)).toEqual(all.map(({ functionName }) => `acs:fc:*:*:functions/${functionName}`))
  }
})

test('a role is passed to Function Compute alone', () => {
  const conditions = policies.flatMap(([, statements]) =>
    statements.flatMap(({ Action, Condition }) =>
      Action.some((action) => action.startsWith('ram:')) ? [Condition] : [],
    ),
  )
  expect(conditions).toEqual([{ StringEquals: { 'acs:Service': 'fc.aliyuncs.com' } }])
})
