import { sign, stringToSign } from '../../../shared/eventbridge/signature'
import captured from '../../fixtures/sdk-captures/putEvents.json'
import capturedSts from '../../fixtures/sdk-captures/putEvents-sts.json'

function capturedHeaders(raw: string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at < raw.length; at += 2) headers[(raw[at] ?? '').toLowerCase()] = raw[at + 1] ?? ''
  return headers
}

test("the SDK's own vectors", () => {
  expect(sign('stringtosign', 'secret')).toBe('OmuTAr79tpI6CRoAdmzKRq5lHs0=')
  const headers = {
    'content-md5': 'md5',
    'content-type': 'application/json',
    date: 'date',
    'x-acs-custom-key': 'any value',
  }
  expect(stringToSign('GET', headers, '/?key=val ue with space')).toBe(
    'GET\nmd5\napplication/json\ndate\nx-acs-custom-key:any value\n/?key=val ue with space',
  )
})

test.each([
  ['a plain request', captured.requests[0]],
  ['a request with an STS token, whose two headers are signed too', capturedSts.requests[0]],
])('what the official SDK signed: %s', (_, request) => {
  const text = stringToSign('POST', capturedHeaders(request?.rawHeaders ?? []), request?.url ?? '')
  expect(text).toBe(request?.stringToSign)
})

test('header values are trimmed and their line breaks become spaces', () => {
  expect(
    stringToSign('POST', { 'x-acs-b': ' b\tb ', 'x-acs-a': 'a', 'x-eventbridge-regionid': 'unsigned' }, '/p'),
  ).toBe('POST\n\n\n\nx-acs-a:a\nx-acs-b:b b\n/p')
})
