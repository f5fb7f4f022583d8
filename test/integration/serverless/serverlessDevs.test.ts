import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { parseEnv } from 'node:util'
import { readAsServerlessDevs, surprises } from '../../../cli/checkEnvironment/readAsServerlessDevs'
import { APP, COMPLETE, FUNCTIONS, fillServerless, serverlessText, withComponent } from '../../support/serverless'
import { temporaryFolder } from '../../support/temporaryFolder'

/**
 * The CLI itself says what it reads: s.yaml has a component of ours in place of fc3, which writes down its properties. It
 * reports to nobody here, since it does not under NODE_ENV=test.
 */
const PROJECT = path.join(__dirname, '../../..')
const folder = temporaryFolder()
const COMPONENT = `module.exports = class {
  constructor({ logger }) {
    this.logger = logger
  }
  async remove({ props }) {
    require('node:fs').appendFileSync(process.env.SEEN, JSON.stringify(props) + '\\n')
  }
  async deploy({ props }) {
    // so does fc3
    this.logger.debug(JSON.stringify(props))
    require('node:fs').appendFileSync(process.env.SEEN, JSON.stringify(props) + '\\n')
    return props
  }
}`
const component = path.join(folder, 'component')
fs.mkdirSync(path.join(component, 'dist'), { recursive: true })
fs.writeFileSync(path.join(component, 'dist/index.js'), COMPONENT)
fs.writeFileSync(path.join(component, 'package.json'), '{"name":"component","main":"dist/index.js"}')

interface Run {
  output: string
  /** what the component was given, a line a resource */
  props: { functionName: string; environmentVariables: Record<string, string> }[]
}

async function deploy(yaml: string, dotEnv: string, shell: Record<string, string>, ...options: string[]): Promise<Run> {
  const project = makeProject(yaml, dotEnv)
  const output = await s(project, ['deploy', '-y', ...options], shell)
  const seen = path.join(project, 'seen')
  const lines = fs.existsSync(seen) ? fs.readFileSync(seen, 'utf8').trim().split('\n') : []
  return { output, props: lines.map((line) => JSON.parse(line)) }
}

function makeProject(yaml: string, dotEnv: string): string {
  const project = fs.mkdtempSync(path.join(folder, 'project-'))
  fs.writeFileSync(path.join(project, 's.yaml'), withComponent(component, yaml))
  fs.writeFileSync(path.join(project, '.env'), dotEnv)
  fs.cpSync(path.join(PROJECT, 'cli/notDeployed'), path.join(project, 'cli/notDeployed'), { recursive: true })
  return project
}

/** What `s` prints. Its own folder is `.s` in the project's. */
async function s(project: string, args: readonly string[], shell: Record<string, string> = {}): Promise<string> {
  const env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: project, NODE_ENV: 'test', SEEN: path.join(project, 'seen') },
    ...shell,
  }
  const cli = path.join(PROJECT, 'node_modules/@serverless-devs/s/bin/s')
  const child = spawn(process.execPath, [cli, ...args], { cwd: project, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return output + errors
}

function yamlOf(names: readonly string[]): string {
  const variables = names.map((name) => `        ${name}: \${env('${name}', '')}\n`).join('')
  return `edition: 3.0.0
name: variables
access: default
resources:
  one:
    component: fc3
    props:
      functionName: one
      environmentVariables:
${variables}`
}

/** What stands in .env after NAME, what the shell has, and whether we say that s takes something else. */
type Case = [string, { file?: string; shell?: string; said?: boolean }]

const cases: Case[] = [
  ['as it is', { file: '=one' }],
  ['of the shell', { shell: 'one' }],
  ['of both', { file: '=one', shell: 'two' }],
  ['nowhere', {}],
  ['empty in the file', { file: '=' }],
  ['empty in the shell', { file: '=one', shell: '', said: true }],
  ['blank in the shell', { file: '=one', shell: ' ', said: true }],
  ['empty in the shell alone', { shell: '' }],
  ['empty in both', { file: '=', shell: '' }],
  ['blanks around it', { file: ' = one  ' }],
  ['blanks in quotes', { file: '=" one "' }],
  ['blanks in the shell', { shell: ' one\n' }],
  ['a comment', { file: '=one # two' }],
  ['a # without a blank', { file: '=one#two' }],
  ['a # in quotes', { file: "='one # two'" }],
  ['a # in the shell', { shell: 'one # two' }],
  ['a $ in the file', { file: '=one$two', said: true }],
  ['a $ in single quotes', { file: "='one$two'", said: true }],
  ['an escaped $', { file: '=one\\$two', said: true }],
  ['a $ of the file, which the shell has, too', { file: '=one$two', shell: 'three', said: true }],
  ['a $ in the shell', { shell: 'one$HOME' }],
  ['a $ in the shell, of a variable of the file', { file: '=one', shell: 'one$HOME', said: true }],
  ['a reference', { file: '=$' + '{HOME}', said: true }],
  ['a template', { shell: 'one$' + "{env('HOME')}", said: true }],
  ['a template of the other kind', { shell: '<%= 1 + 1 %>', said: true }],
  ['a template of the other kind in the file', { file: '=<%= 1 + 1 %>', said: true }],
  ['the begin of a template', { shell: '$' + '{one' }],
  ['what looks like one', { shell: '{{ one }} #{two} %>' }],
  ['a number', { shell: '0123' }],
  ['a boolean', { shell: 'false' }],
  ['YAML', { shell: 'one: two # - [three]' }],
  ['JSON', { shell: '{"one":["two"]}' }],
  ['quotes in the shell', { shell: `"one" it's` }],
  ['backslashes', { shell: 'one\\ntwo\\\\' }],
  ['backslashes in the file', { file: '=one\\ntwo' }],
  ['a line break in double quotes', { file: '="one\\ntwo"' }],
  ['two lines', { file: '="one\ntwo"' }],
  ['two lines in the shell', { shell: 'one\ntwo' }],
  ['backticks', { file: '=`one`' }],
  ['a quote within quotes', { file: '="one"two"', said: true }],
  ['a word after the quotes', { file: '="one" two', said: true }],
  ['an escaped quote', { file: '="one\\"two"', said: true }],
  ['a carriage return', { file: '="one\\rtwo"', said: true }],
  ['a colon', { file: ': one', said: true }],
  ['a blank of Chinese', { file: '=\u3000one', said: true }],
  ['an equals sign', { file: '=one=two' }],
  ['中文', { file: '=密码' }],
]
const named = cases.map(([what, sources], index) => ({ what, name: `V${index}`, ...sources }))
const names = named.map(({ name }) => name)
const dotEnv = named.flatMap(({ name, file }) => (file === undefined ? [] : [`${name}${file}\n`])).join('')
const shell = Object.fromEntries(named.flatMap(({ name, shell }) => (shell === undefined ? [] : [[name, shell]])))

describe('a variable as s has it is what we read, or we say that it is not', () => {
  let seen: Record<string, string> = {}

  beforeAll(async () => {
    const { output, props } = await deploy(yamlOf(names), dotEnv, shell)
    if (props[0] === undefined) throw new Error(output)
    seen = props[0].environmentVariables
  })

  test.each(named)('$what', ({ name, said = false }) => {
    const own = { dotEnv: parseEnv(dotEnv), dotEnvText: dotEnv, shell: { ...shell, HOME: '/root' } }
    const saying = surprises(own, names).filter((problem) => problem.startsWith(`${name}: `))
    expect(saying.length > 0).toBe(said)
    if (!said) expect(seen[name]).toBe(readAsServerlessDevs(own)[name] ?? '')
  })
})

test.each<[string, string]>([
  ['a byte order mark', '\uFEFFV0=one\nV1=two\n'],
  ['a variable twice', 'V0=one\nV0=two\nV1=three\n'],
  ['lines of Windows', 'V0=one\r\nV1="two"\r\n'],
  ['export', 'export V0=one\n export   V1=two\n'],
  ['a quote that is not closed', 'V0="one\nV1=two\n'],
  ['a name alone', 'V0\nV1=two\n'],
  ['a name of other letters', 'V-0=one\nV1=two'],
])('a whole file: %s', async (_, dotEnv) => {
  const { props } = await deploy(yamlOf(['V0', 'V1']), dotEnv, {})
  const own = { dotEnv: parseEnv(dotEnv), dotEnvText: dotEnv, shell: {} }
  for (const name of ['V0', 'V1']) {
    const said = surprises(own, ['V0', 'V1']).some((problem) => problem.startsWith(`${name}: `))
    if (!said)
      expect(`${name}=${props[0]?.environmentVariables[name]}`).toBe(`${name}=${readAsServerlessDevs(own)[name] ?? ''}`)
  }
})

test('s fills in s.yaml as the other tests take it to', async () => {
  const { props } = await deploy(serverlessText, '', { ...COMPLETE, DISABLE_PUBLIC_URL: 'true' }, '--skip-actions')
  const { webhook, employees } = fillServerless({ ...COMPLETE, DISABLE_PUBLIC_URL: 'true' }).resources
  expect(props).toEqual([webhook.props, employees.props])
})

const NOT_DEPLOYED = (name: string) => `dingtalk-${name} needs DINGTALK_APP_KEY (.env.example), which is not set`

test('with an app of DingTalk’s s deploys all four', async () => {
  const environment = { ...COMPLETE, ...APP }
  const { output, props } = await deploy(serverlessText, '', environment, '--skip-actions')
  expect(props).toEqual(FUNCTIONS.map((name) => fillServerless(environment).resources[name].props))
  expect(output).not.toContain('needs DINGTALK_APP_KEY')
})

test('without one s deploys two, and says of the others why not, a line each', async () => {
  const { output, props } = await deploy(serverlessText, '', COMPLETE, '--skip-actions')
  expect(props.map(({ functionName }) => functionName)).toEqual(['dingtalk-webhook', 'dingtalk-employees'])
  for (const name of ['enrich', 'reconcile']) expect(output.split(NOT_DEPLOYED(name))).toHaveLength(2)
  expect(output).not.toMatch(/error|fail/i)
})

test.each([
  ['webhook deploy -y', ['dingtalk-webhook'], []],
  ['enrich deploy -y', [], ['enrich']],
  ['remove -y', ['dingtalk-webhook', 'dingtalk-employees'], ['enrich', 'reconcile']],
  ['reconcile remove -y', [], ['reconcile']],
  ['info', [], ['enrich', 'reconcile']],
  ['plan', [], ['enrich', 'reconcile']],
  ['enrich local invoke', [], ['enrich']],
  ['reconcile invoke', [], ['reconcile']],
  ['reconcile logs', [], ['reconcile']],
])('without one, s %s', async (command, seen, told) => {
  const project = makeProject(serverlessText, '')
  const output = await s(project, [...command.split(' '), '--skip-actions'], COMPLETE)
  const lines = fs.existsSync(path.join(project, 'seen')) ? fs.readFileSync(path.join(project, 'seen'), 'utf8') : ''
  const names = lines.split('\n').flatMap((line) => (line === '' ? [] : JSON.parse(line).functionName))
  expect(names).toEqual(seen)
  for (const name of ['enrich', 'reconcile']) {
    expect(output.includes(NOT_DEPLOYED(name))).toBe((told as string[]).includes(name))
  }
  // the component of the test knows deploy and remove alone
  if (told.length === 1) expect(output).not.toMatch(/error|not found/i)
})

test('what was deployed with a key is removed with any', async () => {
  const project = makeProject(serverlessText, '')
  await s(project, ['enrich', 'remove', '-y'], { ...COMPLETE, DINGTALK_APP_KEY: 'any' })
  expect(JSON.parse(fs.readFileSync(path.join(project, 'seen'), 'utf8')).functionName).toBe('dingtalk-enrich')
})

test.each<[string, Record<string, string>, string]>([
  ['nothing', {}, 'AccountID: is not set'],
  ['no account', { ...COMPLETE, AccountID: '' }, 'AccountID: is not set'],
  ['the account by another name', { ...COMPLETE, AccountID: '', FC_ACCOUNT_ID: '1' }, 's does not read FC_ACCOUNT_ID'],
  ['an app key without its secret', { ...COMPLETE, DINGTALK_APP_KEY: 'dingkey' }, 'DINGTALK_APP_SECRET: is not set'],
  ['no boolean', { ...COMPLETE, DISABLE_PUBLIC_URL: 'yes' }, 'DISABLE_PUBLIC_URL: must be true or false'],
])('with %s set check:environment has the word, before anything is deployed', async (_, variables, problem) => {
  const yaml = serverlessText.replaceAll('path: ./', `path: ${PROJECT}`)
  const { output, props } = await deploy(yaml, '', variables)
  expect(output).toContain('Not ready to deploy')
  expect(output).toContain(problem)
  expect(props).toEqual([])
})

/** The files of `s` that hold the word. */
function filesWith(word: string, project: string): string[] {
  const files = fs.readdirSync(path.join(project, '.s'), { recursive: true, withFileTypes: true })
  const names = files.filter((file) => file.isFile()).map((file) => path.join(file.parentPath, file.name))
  return names.filter((name) => fs.readFileSync(name, 'utf8').includes(word))
}

test('a password is in the log files and on the terminal, and in neither as the workflow deploys', async () => {
  const before = makeProject(yamlOf(['MYSQL_PASSWORD']), 'MYSQL_PASSWORD=hunter2hunter2\n')
  expect(await s(before, ['deploy', '-y'])).toContain('hunter2')
  expect(filesWith('hunter2', before)).not.toEqual([])

  const after = makeProject(yamlOf(['MYSQL_PASSWORD']), 'MYSQL_PASSWORD=hunter2hunter2\n')
  for (const command of commandsOfTheWorkflow()) expect(await s(after, command)).not.toContain('hunter2')
  expect(fs.readFileSync(path.join(after, 'seen'), 'utf8')).toContain('hunter2')
  expect(filesWith('hunter2', after)).toEqual([])
  expect(fs.readFileSync(path.join(after, '.s/set-config.yml'), 'utf8')).toBe('log: disable\nanalysis: disable\n')
})

function commandsOfTheWorkflow(): string[][] {
  const workflow = fs.readFileSync(path.join(PROJECT, 'examples/deploy.github.yml'), 'utf8')
  const lines = [...workflow.matchAll(/^ +- run: (s .+)$/gm)].flatMap(([, line = '']) => line.split(' && '))
  return lines.map((line) => line.split(' ').slice(1))
}
