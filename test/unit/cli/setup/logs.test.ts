import { signedHeaders } from '../../../../cli/setup/checks/logs'

/** https://www.alibabacloud.com/help/doc-detail/29012.htm has this request and its signature. */
test('the signature of the documents', () => {
  const credentials = { accessKeyId: 'bq2sjzesjmo86kq35behupbq', accessKeySecret: '4fdO2fTDDnZPU/L7CHNdemB2Nsk=' }
  const resource = '/logstores?logstoreName=&offset=0&size=1000'
  expect(signedHeaders(resource, credentials, new Date('2015-11-09T06:11:16Z'))).toEqual({
    authorization: 'LOG bq2sjzesjmo86kq35behupbq:jEYOTCJs2e88o+y5F4/S5IsnBJQ=',
    date: 'Mon, 09 Nov 2015 06:11:16 GMT',
    'x-log-apiversion': '0.6.0',
    'x-log-signaturemethod': 'hmac-sha1',
  })
})
