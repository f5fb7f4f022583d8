import path from 'node:path'
import { imageVariables, readImageVariables } from '../../../local/gateway/imageVariables'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const needed = { FC_FUNC_CODE_PATH: `${folder}/`, FC_FUNCTION_HANDLER: 'index.handler' }

test('what is not set is as the fc3 component fills it in', () => {
  expect(readImageVariables(needed)).toEqual({
    port: 9000,
    definition: {
      name: 'function',
      bundle: path.join(folder, 'index.js'),
      handler: 'index.handler',
      env: needed,
      memoryMb: 512,
      timeoutMs: 3000,
      maxInstances: 1,
      context: { region: '', accountId: '' },
    },
  })
})

test('a function of s.yaml comes through as it is there', () => {
  const variables = imageVariables(
    {
      functionName: 'dingtalk-employees',
      handler: 'index.handler',
      code: './employees',
      memorySize: 256,
      timeout: 60,
      environmentVariables: { MYSQL_HOST: 'db' },
      instanceLifecycleConfig: {
        initializer: { handler: 'index.initialize', timeout: 10 },
        preStop: { handler: 'index.preStop', timeout: 5 },
      },
    },
    {
      region: 'cn-beijing',
      accountId: '42',
      credentials: { accessKeyId: 'id', accessKeySecret: 's', securityToken: 't' },
    },
    path.dirname(folder),
  )
  const { definition } = readImageVariables({ ...variables, FC_FUNC_CODE_PATH: folder })
  expect(variables['FC_FUNC_CODE_PATH']).toBe(path.join(path.dirname(folder), 'employees'))
  expect(definition).toMatchObject({
    name: 'dingtalk-employees',
    handler: 'index.handler',
    initializer: { handler: 'index.initialize', timeoutMs: 10_000 },
    env: { MYSQL_HOST: 'db' },
    memoryMb: 256,
    timeoutMs: 60_000,
    context: {
      region: 'cn-beijing',
      accountId: '42',
      credentials: { accessKeyId: 'id', accessKeySecret: 's', securityToken: 't' },
    },
  })
})

test.each<[string, Record<string, string>, string]>([
  ['no code path', { FC_FUNC_CODE_PATH: '' }, 'Set FC_FUNC_CODE_PATH, or name a function of s.yaml'],
  ['a code path that is not there', { FC_FUNC_CODE_PATH: '/nowhere/at/all' }, 'FC_FUNC_CODE_PATH names no folder'],
  ['no handler', { FC_FUNCTION_HANDLER: '' }, 'Set FC_FUNCTION_HANDLER'],
  ['a port that is no number', { FC_CUSTOM_LISTEN_PORT: '9000x' }, 'FC_CUSTOM_LISTEN_PORT must be a number above 0'],
  ['no time', { FC_TIMEOUT: '0' }, 'FC_TIMEOUT must be a number above 0'],
  ['memory below zero', { FC_FUNCTION_MEMORY_SIZE: '-1' }, 'FC_FUNCTION_MEMORY_SIZE must be a number above 0'],
  [
    'an initializer without time',
    { FC_INITIALIZER_HANDLER: 'index.initialize', FC_INITIALIZATION_TIMEOUT: '0' },
    'FC_INITIALIZATION_TIMEOUT must be a number above 0',
  ],
])('%s is refused, and the variable named', (_name, change, message) => {
  expect(() => readImageVariables({ ...needed, ...change })).toThrow(message)
})
