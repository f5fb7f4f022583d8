import { readCallbackKeys, readConnectorSecrets, readCorpId } from '../../../local/sender/senderVariables'
import { UserError } from '../../../shared/userError'

const lists = { DINGTALK_TOKEN: 'new1, old1', DINGTALK_AES_KEY: ' key1,key2', DINGTALK_OWNER_KEYS: 'ding1' }

test('of lists the first key is taken', () => {
  expect(readCallbackKeys(lists)).toEqual({ token: 'new1', aesKey: 'key1', ownerKey: 'ding1' })
})

test.each([
  ['no keys', {}],
  ['empty keys', { DINGTALK_TOKEN: '', DINGTALK_AES_KEY: '', DINGTALK_OWNER_KEYS: '' }],
])('%s are none', (_, environment) => {
  expect(readCallbackKeys(environment)).toBeUndefined()
})

test.each(Object.keys(lists))('without %s alone it is an error, which quotes no key', (name) => {
  const read = () => readCallbackKeys({ ...lists, [name]: '' })
  expect(read).toThrow(UserError)
  expect(read).toThrow(/^Set all of DINGTALK_TOKEN, DINGTALK_AES_KEY and DINGTALK_OWNER_KEYS, or none\.$/)
})

test.each([
  [{}, { token: undefined, apiSecret: undefined }],
  [
    { WEBHOOK_TOKEN: '', CONNECTOR_API_SECRET: '' },
    { token: undefined, apiSecret: undefined },
  ],
  [{ WEBHOOK_TOKEN: ' , new, old' }, { token: 'new', apiSecret: undefined }],
  [{ WEBHOOK_TOKEN: 'new, old' }, { token: 'new', apiSecret: undefined }],
  // it is one, and may have a comma
  [{ CONNECTOR_API_SECRET: 'a,b' }, { token: undefined, apiSecret: 'a,b' }],
])('a connector’s secrets of %j', (environment, expected) => {
  expect(readConnectorSecrets(environment)).toEqual(expected)
})

test.each([
  [{}, 'dingcorp'],
  [{ DINGTALK_CORP_ID: '' }, 'dingcorp'],
  [{ DINGTALK_CORP_ID: 'ding1' }, 'ding1'],
])('the corporation of %j', (environment, expected) => {
  expect(readCorpId(environment)).toBe(expected)
})
