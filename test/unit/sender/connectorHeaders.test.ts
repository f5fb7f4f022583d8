import { connectorHeaders } from '../../../local/sender/requests'
import { connectorApiSecret } from '../../fixtures/dingtalk.json'

const [vector] = connectorApiSecret
const now = Number(vector?.timestamp) * 1000 + 999
const token = 'a-token-of-the-test'
const apiSecret = vector?.apiSecret

test.each([
  ['nothing', undefined, undefined, {}],
  ['a token', token, undefined, { authorization: `Bearer ${token}` }],
  [
    'an API Secret, as in DingTalk’s example',
    undefined,
    apiSecret,
    { 'x-ddpaas-signature-timestamp': vector?.timestamp, 'x-ddpaas-signature': vector?.signature },
  ],
  ['both: the token', token, apiSecret, { authorization: `Bearer ${token}` }],
])('with %s', (_, givenToken, givenSecret, expected) => {
  expect(connectorHeaders({ token: givenToken, apiSecret: givenSecret }, now)).toEqual(expected)
})
