import fs from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { variablesOfRules } from '../../support/serverless'

const readText = (file: string) => fs.readFileSync(path.join(__dirname, '../../..', file), 'utf8')

interface Step {
  uses?: string
  run?: string
  with?: Record<string, unknown>
  env?: Record<string, string>
}
const { jobs } = parse(readText('examples/deploy.github.yml')) as { jobs: { deploy: { env?: unknown; steps: Step[] } } }
const { steps } = jobs.deploy
const commands = steps.flatMap(({ run }) => run?.split(' && ') ?? [])
const variables = steps.at(-1)?.env ?? {}

test('the workflow has every variable of .env.example but those of eventbridge.yaml, which it does not deploy', () => {
  const explained = [...readText('.env.example').matchAll(/^#? ?([A-Z][A-Za-z0-9_]*)=/gm)].map(([, name = '']) => name)
  const deployed = explained.filter((name) => !variablesOfRules.includes(name))
  expect(Object.keys(variables).sort()).toEqual([...new Set(deployed)].sort())
})

test.each(Object.entries(variables))('%s comes from where it belongs, under its name', (name, value) => {
  const isSecret = /PASSWORD|TOKEN|SECRET|HASH_KEY|AES_KEY|^AccessKey/.test(name)
  expect(value).toBe(`\${{ ${isSecret ? 'secrets' : 'vars'}.${name} }}`)
})

test('the last step alone has them: what npm installs sees none', () => {
  expect(steps.filter(({ env }) => env !== undefined)).toEqual([steps.at(-1)])
  expect(jobs.deploy.env).toBeUndefined()
})

test('its steps are those of a deployment, and nobody is asked anything', () => {
  const { devDependencies } = JSON.parse(readText('package.json')) as { devDependencies: Record<string, string> }
  expect(commands).toEqual([
    'npm ci',
    // the one that the tests ask (test/integration/serverless)
    `npm install --global @serverless-devs/s@${devDependencies['@serverless-devs/s']}`,
    's set log disable',
    's set analysis disable',
    's deploy -y --output-file /dev/null',
  ])
})

test('it uses what the other workflows use, and the node that is deployed to', () => {
  const others = readText('.github/workflows/mysql.yml').match(/actions\/[\w-]+@v\d+/g)
  expect(steps.flatMap(({ uses }) => uses ?? [])).toEqual(others)
  const { runtime } = (parse(readText('s.yaml')) as { resources: { webhook: { props: { runtime: string } } } })
    .resources.webhook.props
  expect(`nodejs${steps.find(({ uses }) => uses?.startsWith('actions/setup-node'))?.with?.['node-version']}`).toBe(
    runtime,
  )
})
