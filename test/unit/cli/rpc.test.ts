import { signedForm } from '../../../cli/rpc'

/** https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism has this request and its signature. */
test('the signature of the documents', () => {
  const form = signedForm(
    'GET',
    { Action: 'DescribeRegions', Format: 'XML', Version: '2014-05-26' },
    {
      credentials: { accessKeyId: 'testid', accessKeySecret: 'testsecret' },
      time: new Date('2016-02-23T12:46:24Z'),
      nonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
    },
  )
  expect(new URLSearchParams(form).get('Signature')).toBe('OLeaidS1JvxuMvnyHOwuJ+uX5qY=')
})

test('characters that encodeURIComponent leaves as they are', () => {
  const signing = {
    credentials: { accessKeyId: 'a', accessKeySecret: 'b', securityToken: "t!*'()" },
    time: new Date(0),
  }
  expect(signedForm('POST', {}, { ...signing, nonce: 'n' })).toContain('SecurityToken=t%21%2A%27%28%29&')
})
