import fs from 'node:fs'
import path from 'node:path'
import { fillVariables, readServerlessFile } from '../../../local/project/serverlessFile'
import { UserError } from '../../../shared/userError'

const text = fs.readFileSync(path.join(__dirname, '../../../s.yaml'), 'utf8')
const environment = { EVENT_BUS_NAME: 'other', MYSQL_HOST: '127.0.0.1', MYSQL_USER: 'u', MYSQL_DATABASE: 'd' }

test('the functions as they are deployed, their variables filled in', () => {
  const [webhook, employees] = fillVariables(readServerlessFile(text), environment)
  expect(webhook).toMatchObject({
    functionName: 'dingtalk-webhook',
    handler: 'index.handler',
    code: './dist/webhook',
    environmentVariables: { EVENT_BUS_NAME: 'other', EVENT_SOURCE_NAME: 'my.dingtalk', ALLOWED_METHODS: 'POST' },
  })
  expect(employees).toMatchObject({
    functionName: 'dingtalk-employees',
    timeout: 60,
    instanceLifecycleConfig: { initializer: { handler: 'index.initialize' }, preStop: { handler: 'index.preStop' } },
    environmentVariables: { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '3306' },
  })
})

test('a variable that nobody sets is left out', () => {
  const [webhook] = fillVariables(readServerlessFile(text), environment)
  expect(webhook?.environmentVariables).not.toHaveProperty('WEBHOOK_TOKEN')
})

test('an empty variable counts as unset, as it does for s', () => {
  const [webhook] = fillVariables(readServerlessFile(text), { ...environment, EVENT_BUS_NAME: '' })
  expect(webhook?.environmentVariables).toMatchObject({ EVENT_BUS_NAME: 'dingtalk' })
})

test.each([
  ['a broken line', 'resources: [', 's.yaml: Flow sequence in block collection must be'],
  ['no resources', 'edition: 3.0.0', 's.yaml resources: '],
  [
    'a function without a handler',
    'resources: { webhook: { props: { functionName: f } } }',
    'resources.webhook.props.handler: ',
  ],
])('%s is refused in one line', (_, broken, message) => {
  expect(() => readServerlessFile(broken)).toThrow(UserError)
  expect(() => readServerlessFile(broken)).toThrow(message)
  expect(() => readServerlessFile(broken)).not.toThrow(/\n/)
})
