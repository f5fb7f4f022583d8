import { createAccessTokens, type OAuthParameters } from '../../../../emulator/targets/accessTokens'
import { freePort } from '../../../../shared/freePort'
import { manualClock } from '../../../support/manualClock'
import { type OAuthServer, oauthServer } from '../../../support/oauthServer'

const SECRET = 's3cret&=ä'
let oauth: OAuthServer

beforeEach(async () => {
  oauth = await oauthServer({ id: 'me', secret: SECRET })
})
afterEach(() => oauth.close())

const parameter = (Key: string, Value: string) => ({ Key, Value, IsValueSecret: 'true' })
const withClient = (others: Partial<OAuthParameters> = {}): OAuthParameters => ({
  AuthorizationEndpoint: `${oauth.url}/token?tenant=1`,
  HttpMethod: 'POST',
  ClientParameters: { ClientID: 'me', ClientSecret: SECRET },
  ...others,
})
const http = (OAuthHttpParameters: OAuthParameters['OAuthHttpParameters']) => withClient({ OAuthHttpParameters })
const JSON_BODY = '{"scope":"a b","grant_type":"client_credentials","client_id":"me","client_secret":"s3cret&=ä"}'
const FORM = 'grant_type=client_credentials&client_id=me&client_secret=s3cret%26%3D%C3%A4'

test.each<[string, () => OAuthParameters, { method?: string; url?: string; headers?: object; body: string }]>([
  ['a form', withClient, { method: 'POST', url: '/token?tenant=1', body: FORM }],
  [
    'with parameters of its own in header, body and query',
    () =>
      http({
        HeaderParameters: [parameter('X-Tenant', 't')],
        BodyParameters: [parameter('scope', 'a b'), parameter('resource', '1'), parameter('resource', '2')],
        QueryStringParameters: [parameter('q', 'ü')],
      }),
    {
      url: '/token?tenant=1&q=%C3%BC',
      headers: expect.objectContaining({ 'x-tenant': 't', 'content-type': 'application/x-www-form-urlencoded' }),
      body: `scope=a+b&resource=1&resource=2&${FORM}`,
    },
  ],
  [
    'what its own parameters say is not said again',
    () => http({ BodyParameters: [parameter('client_id', 'me'), parameter('grant_type', 'client_credentials')] }),
    { body: 'client_id=me&grant_type=client_credentials&client_secret=s3cret%26%3D%C3%A4' },
  ],
  [
    'of a login in its own header there is one',
    () =>
      http({
        HeaderParameters: [parameter('Authorization', `Basic ${Buffer.from(`me:${SECRET}`).toString('base64')}`)],
      }),
    { body: 'grant_type=client_credentials' },
  ],
  [
    'GET, by the query',
    () => withClient({ HttpMethod: 'GET' }),
    { method: 'GET', url: `/token?tenant=1&${FORM}`, body: '' },
  ],
])('a token is asked for: %s', async (_, parameters, asked) => {
  const tokens = createAccessTokens({ clock: manualClock() })
  expect(oauth.takes(`Bearer ${await tokens.get(parameters())}`)).toBe(true)
  expect(oauth.asked).toMatchObject([asked])
})

test('a body is JSON where its own header says so', async () => {
  oauth.answer = { status: 200, body: '{"access_token":"t"}' }
  const parameters = http({
    HeaderParameters: [parameter('Content-Type', 'application/json')],
    BodyParameters: [parameter('scope', 'a b')],
  })
  expect(await createAccessTokens({ clock: manualClock() }).get(parameters)).toBe('t')
  expect(oauth.asked).toMatchObject([{ headers: { 'content-type': 'application/json' }, body: JSON_BODY }])
})

test('concurrent requests have one token, until it expires', async () => {
  const clock = manualClock()
  const tokens = createAccessTokens({ clock })
  const [first, ...others] = await Promise.all(Array.from({ length: 20 }, () => tokens.get(withClient())))
  expect(new Set(others)).toEqual(new Set([first]))
  await clock.advance(3_599_999)
  expect(await tokens.get(withClient())).toBe(first)
  expect(oauth.asked).toHaveLength(1)
  await clock.advance(1)
  expect(await tokens.get(withClient())).not.toBe(first)
  expect(oauth.asked).toHaveLength(2)
})

test.each<[unknown, number]>([
  ['60', 60_000],
  [0, 0],
])('expires_in may be %j', async (seconds, ms) => {
  oauth.expiresIn = seconds as number
  const clock = manualClock()
  const tokens = createAccessTokens({ clock })
  await tokens.get(withClient())
  await clock.advance(ms)
  await tokens.get(withClient())
  expect(oauth.asked).toHaveLength(2)
})

test('without expires_in a token is good until it is refused; several that refuse it ask for one other', async () => {
  oauth.expiresIn = undefined
  const clock = manualClock()
  const tokens = createAccessTokens({ clock })
  const first = await tokens.get(withClient())
  await clock.advance(86_400_000)
  expect(await tokens.get(withClient())).toBe(first)
  const renewed = await Promise.all([1, 2, 3].map(() => tokens.get(withClient(), first)))
  expect(new Set(renewed).size).toBe(1)
  expect(await tokens.get(withClient(), first)).toBe(renewed[0])
  expect(oauth.asked).toHaveLength(2)
})

test('another secret, or other parameters, have a token of their own', async () => {
  const tokens = createAccessTokens({ clock: manualClock() })
  await tokens.get(withClient())
  await tokens.get(http({ BodyParameters: [parameter('scope', 'other')] }))
  await expect(tokens.get(withClient({ ClientParameters: { ClientID: 'me', ClientSecret: 'x' } }))).rejects.toThrow()
  expect(oauth.asked).toHaveLength(3)
})

test.each<[string, () => OAuthParameters | Promise<OAuthParameters>, RegExp]>([
  [
    'a client that it does not know',
    () => withClient({ ClientParameters: { ClientID: 'me', ClientSecret: 'hush' } }),
    /^no access token: HTTP 401 invalid_client$/,
  ],
  [
    'nobody',
    async () => withClient({ AuthorizationEndpoint: `http://127.0.0.1:${await freePort()}/hush` }),
    /ECONNREFUSED$/,
  ],
  [
    'a host elsewhere',
    () => withClient({ AuthorizationEndpoint: 'http://192.0.2.1/hush' }),
    /: its host is not this machine/,
  ],
  ['no address', () => withClient({ AuthorizationEndpoint: 'hush' }), /: AuthorizationEndpoint: must be a URL/],
  [
    'a header that is none',
    () => http({ HeaderParameters: [parameter('x', 'hush\n')] }),
    /: OAuthHttpParameters.HeaderParameters: a name or a value is none that a header can have$/,
  ],
])('%s is an error that tells no secret', async (_, parameters, message) => {
  const error = await createAccessTokens({ clock: manualClock() })
    .get(await parameters())
    .catch((reason: Error) => reason)
  expect(error).toMatchObject({ message: expect.stringMatching(message) })
  expect(String(error)).not.toContain('hush')
})

test.each<[number, string, RegExp]>([
  [200, 'hush', /^no access token: the answer has no access_token$/],
  [200, '{"access_token":""}', /no access_token$/],
  [200, '{"access_token":["hush"]}', /no access_token$/],
  [200, '{"access_token":"hush\\n"}', /no access_token$/],
  [302, '{"access_token":"hush"}', /^no access token: HTTP 302$/],
  [400, '{"error":"invalid_scope"}', /^no access token: HTTP 400 invalid_scope$/],
  [400, '{"error":"hush"}', /^no access token: HTTP 400$/],
  [503, '<hush>', /^no access token: HTTP 503$/],
])('an answer of %i %s is one, too, and the next delivery asks again', async (status, body, message) => {
  oauth.answer = { status, body }
  const tokens = createAccessTokens({ clock: manualClock() })
  const error = await tokens.get(withClient()).catch((reason: Error) => reason)
  expect(error).toMatchObject({ message: expect.stringMatching(message) })
  delete oauth.answer
  expect(oauth.takes(await tokens.get(withClient()))).toBe(true)
})
