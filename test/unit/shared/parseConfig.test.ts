import * as z from 'zod/mini'
import {
  ConfigError,
  integerVariable,
  listVariable,
  parseConfig,
  protocolOf,
  readCredentials,
  textVariable,
} from '../../../shared/config'

const read = (environment: Record<string, string>) => {
  const schema = z.object({
    NAME: textVariable((text) => text.startsWith('x'), 'must begin with x'),
    COUNT: integerVariable(5, 2, 10),
    LIST: z.optional(listVariable((item) => /^\d+$/.test(item), 'must be numbers, separated by commas')),
    A_PASSWORD: z.optional(z.string()),
    ID: z.optional(z.string()),
    SECRET: z.optional(z.string()),
  })
  return parseConfig(schema, environment, ['ID', 'SECRET'])
}

test.each([
  [{ NAME: 'x' }, { NAME: 'x', COUNT: 5 }],
  [
    { NAME: ' x y\n', OTHER: '1' },
    { NAME: 'x y', COUNT: 5 },
  ],
  [
    { NAME: 'x', COUNT: '2', LIST: '1', A_PASSWORD: 'a b' },
    { NAME: 'x', COUNT: 2, LIST: ['1'], A_PASSWORD: 'a b' },
  ],
  [
    { NAME: 'x', COUNT: '10', LIST: ' 1 ,, 2,', A_PASSWORD: '' },
    { NAME: 'x', COUNT: 10, LIST: ['1', '2'] },
  ],
  [
    { NAME: 'x', ID: 'i', SECRET: 's' },
    { NAME: 'x', COUNT: 5, ID: 'i', SECRET: 's' },
  ],
])('%j is read as %j', (environment, config) => {
  expect(read(environment)).toEqual(config)
})

test.each<[Record<string, string>, string]>([
  [{}, 'NAME: is not set'],
  [{ NAME: ' ' }, 'NAME: is not set'],
  [{ NAME: 'planted' }, 'NAME: must begin with x'],
  ...['few', '2x', 'x2', '2.5', '-3', '0x5', '1e1', '2 3', '12345678901'].map(
    (COUNT): [Record<string, string>, string] => [{ NAME: 'x', COUNT }, 'COUNT: must be a whole number'],
  ),
  [{ NAME: 'x', COUNT: '1' }, 'COUNT: must be between 2 and 10'],
  [{ NAME: 'x', COUNT: '11' }, 'COUNT: must be between 2 and 10'],
  [{ NAME: 'x', LIST: ',' }, 'LIST: must be numbers, separated by commas'],
  [{ NAME: 'x', LIST: '1,planted' }, 'LIST: must be numbers, separated by commas'],
  [{ NAME: 'x', A_PASSWORD: 'planted ' }, 'A_PASSWORD: has a blank or a line break at its end'],
  [{ NAME: 'x', ID: 'planted' }, 'SECRET: is not set'],
  [{ NAME: 'x', SECRET: 'planted', ID: '' }, 'ID: is not set'],
  [
    { COUNT: '1', ID: 'planted', A_PASSWORD: ' planted' },
    'NAME: is not set; COUNT: must be between 2 and 10; SECRET: is not set; A_PASSWORD: has a blank or a line break at its end',
  ],
])('%j is refused: %s', (environment, message) => {
  expect(() => read(environment)).toThrow(new ConfigError(message))
})

const KEYS = { ALIBABA_CLOUD_ACCESS_KEY_ID: 'i', ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' }

test.each([
  [KEYS, { accessKeyId: 'i', accessKeySecret: 's' }],
  [
    { ...KEYS, ALIBABA_CLOUD_SECURITY_TOKEN: 't' },
    { accessKeyId: 'i', accessKeySecret: 's', securityToken: 't' },
  ],
  [
    { ...KEYS, ALIBABA_CLOUD_SECURITY_TOKEN: '' },
    { accessKeyId: 'i', accessKeySecret: 's' },
  ],
  [{ ...KEYS, ALIBABA_CLOUD_ACCESS_KEY_ID: '' }, undefined],
  [{ ALIBABA_CLOUD_ACCESS_KEY_ID: 'i' }, undefined],
  [{}, undefined],
])('the credentials of %j are %j', (environment, credentials) => {
  expect(readCredentials(environment)).toEqual(credentials)
})

test.each([
  ['https://eb.example.com/a', 'https:'],
  ['HTTP://eb.example.com', 'http:'],
  ['eb.example.com', ''],
  ['', ''],
])('the protocol of %j is %j', (url, protocol) => {
  expect(protocolOf(url)).toBe(protocol)
})
