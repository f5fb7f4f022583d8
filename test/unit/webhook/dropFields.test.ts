import { setUpWebhook } from '../../support/webhook'

/** What is published of a body, as text and as what the bus has for `data.body`. */
async function publish(body: string, type = 'application/json', environment: Record<string, string> = {}) {
  const { post, published } = setUpWebhook(environment)
  expect(await post({ body, headers: { 'Content-Type': type } })).toMatchObject({ statusCode: 200 })
  const text = published[0] ?? ''
  return { text, body: (JSON.parse(text) as { data: { body: unknown } }).data.body }
}

const form = 'application/x-www-form-urlencoded'
const textOf = (value: unknown) => JSON.stringify(value)

describe('every spelling of a field that is dropped by default', () => {
  test.each([
    ...['mobile', 'Mobile', 'MOBILE', 'stateCode', 'state_code', 'StateCode', 'state-code'],
    ...['email', 'Email', 'orgEmail', 'org_email', 'OrgEmail', 'org-email', 'telephone', 'Telephone', 'tel', 'Tel'],
    ...['avatar', 'Avatar', 'avatarUrl', 'avatar_url', 'remark', 'Remark', 'tags', 'Tags'],
    ...['extension', 'Extension', 'extattr', 'extAttr', 'ext_attr', 'extFields', 'ext_fields', 'ExtFields'],
    ...['user.mobile', 'user[mobile]', 'contact/org_email', ' mobile ', '"mobile"'],
  ])('%s', async (name) => {
    const { text, body } = await publish(textOf({ [name]: 'planted', a: [{ [name]: { b: 'planted' } }] }))
    expect(body).toEqual({ a: [{}] })
    expect(text).not.toContain('planted')
    const sent = await publish(`${encodeURIComponent(name)}=planted&a=1`, form)
    expect(sent.body).toBe('a=1')
  })

  test.each([
    ...['isHide', 'hide_mobile', 'title', 'telegram', 'emails', 'mobiles', 'remarks', 'tag', 'userId', 'orgEmailType'],
  ])('but not %s, which is another', async (name) => {
    expect((await publish(textOf({ [name]: 'kept' }))).body).toEqual({ [name]: 'kept' })
  })

  test('names that somebody chose are found in any spelling, too', async () => {
    const environment = { DROP_FIELDS: 'work_place, 手机号' }
    const body = textOf({ workPlace: 'planted', WorkPlace: 'planted', 手机号: 'planted', mobile: 'kept' })
    expect((await publish(body, 'application/json', environment)).body).toEqual({ mobile: 'kept' })
  })
})

describe('the app’s own secrets are dropped, whatever DROP_FIELDS says', () => {
  test.each([
    ...['SuiteTicket', 'suiteTicket', 'suite_ticket', 'AuthCode', 'auth_code', 'TmpAuthCode', 'tmp_auth_code'],
    ...['permanent_code', 'permanentCode', 'ch_permanent_code', 'suite_access_token', 'accessToken', 'access_token'],
    ...[
      'corp_access_token',
      'refreshToken',
      'suite_secret',
      'appSecret',
      'client_secret',
      'SuiteSecret',
      'clientSecret',
    ],
    ...['jsapi_ticket', 'EncodingAESKey', 'aes_key', 'accessKeySecret', 'secretKey', 'init_password'],
  ])('%s', async (name) => {
    const body = textOf({ syncAction: 'x', [name]: 'planted', data: textOf({ [name]: 'planted' }) })
    expect((await publish(body, 'application/json', { DROP_FIELDS: 'none' })).body).toEqual({
      syncAction: 'x',
      data: '{}',
    })
  })
})

describe('wherever a field is', () => {
  const inner = textOf({ mobile: 'planted', order: 1 })
  test.each<[string, string, unknown]>([
    [
      'in an object of an object',
      '{"diffInfo":{"curr":{"email":"planted","name":"n"}}}',
      { diffInfo: { curr: { name: 'n' } } },
    ],
    ['in a list of lists', '[[{"mobile":"planted"}]]', [[{}]]],
    ['under an escaped key', '{"m\\u006fbile":"planted","a":1}', { a: 1 }],
    ['under a key that comes twice', '{"mobile":"planted","mobile":"planted","a":1,"a":2}', { a: 2 }],
    ['in an object whose key comes twice', '{"person":{"mobile":"planted"},"person":{}}', { person: {} }],
    ['beside a prototype', '{"__proto__":{"mobile":"planted"},"a":1}', JSON.parse('{"__proto__":{},"a":1}')],
    ['alone', '{"mobile":{"a":["planted",{"b":"planted"}]}}', {}],
    ['in JSON as text', textOf({ data: inner }), { data: '{"order":1}' }],
    ['in JSON as text, in a list', textOf({ data: [inner, 'kept'] }), { data: ['{"order":1}', 'kept'] }],
    ['in text of text', textOf({ data: textOf({ msg: inner }) }), { data: textOf({ msg: '{"order":1}' }) }],
    ['in text of text alone', textOf({ data: textOf(inner) }), { data: textOf('{"order":1}') }],
    ['in indented text', textOf({ data: '\n [ {"mobile" : "planted"} ]' }), { data: '\n [ {} ]' }],
    ['in text after a byte order mark', textOf({ data: `\ufeff${inner}` }), { data: '\ufeff{"order":1}' }],
    ['under an escaped key in text', textOf({ data: '{"m\\u006fbile":"planted"}' }), { data: '{}' }],
    ['in a form as text', textOf({ data: 'a=1&mobile=planted' }), { data: 'a=1' }],
    ['in an encoded form as text', textOf({ data: 'a=1&%6Dobile=planted' }), { data: 'a=1' }],
    ['in a form that begins with a bare name', textOf({ data: 'a&mobile=planted' }), { data: 'a' }],
    ['in a form that begins with nothing', textOf({ data: '&mobile=planted' }), { data: '' }],
    ['in a form that begins with no name', textOf({ data: '=&mobile=planted&a=1' }), { data: '=&a=1' }],
    ['in a form with a blank in a name', textOf({ data: 'a b=1&mobile=planted' }), { data: 'a b=1' }],
    ['in a form that begins like Base64', textOf({ data: 'a==&mobile=planted' }), { data: 'a==' }],
    ['in a form that ends like Base64', textOf({ data: 'mobile=planted&a==' }), { data: 'a==' }],
    ['in a form with a blank before its name', textOf({ data: 'contact mobile=planted' }), { data: '' }],
    ['in an encoded form as a whole', textOf({ data: 'a%3D1%26mobile%3Dplanted' }), { data: 'a%3D1' }],
    [
      'in encoded JSON that is broken',
      textOf({ data: '%7B%22mobile%22%3A%22planted%22%2C%22a%22%3A%E5%B0%8F%7D' }),
      {},
    ],
    [
      'in encoded JSON',
      textOf({ data: '%7B%22mobile%22%3A%22planted%22%2c%22a%22:1%7D' }),
      { data: '%7B%22a%22:1%7D' },
    ],
    [
      'in twice encoded JSON',
      textOf({ data: '%257B%2522mobile%2522%253A%2522planted%2522%257D' }),
      { data: '%257B%257D' },
    ],
    ['in JSON that is a key', textOf({ [textOf({ tel: 'planted' })]: 1, a: 1 }), { a: 1 }],
    ['in a form that is a key', textOf({ 'b=1&m%6Fbile=planted': 1, a: 1 }), { a: 1 }],
    [
      'in the query of a URL',
      textOf({ url: 'https://x.test/?a=1&access_token=planted' }),
      { url: 'https://x.test/?a=1' },
    ],
    ['in a body that is text alone', textOf(inner), '{"order":1}'],
  ])('%s', async (_, sent, left) => {
    const { text, body } = await publish(sent)
    expect(body).toEqual(left)
    expect(text).not.toContain('planted')
  })

  test.each<[string, string]>([
    ['JSON that breaks off', '{"name":"planted","mobile":"138'],
    ['JSON that breaks off, with an escaped key', '[{"m\\u006fbile":"planted'],
    ['JSON in JSON that breaks off', textOf({ data: textOf({ mobile: 'planted' }) }).slice(0, -1)],
    ['JSON without quotes', '{mobile:planted}'],
    ['a map as Java prints it', '{name=x, orgEmail=planted}'],
    ['XML', '<xml><Mobile>planted</Mobile></xml>'],
    ['XML with a namespace', '<x:mobile>planted</x:mobile>'],
    ['XML with attributes', '<user org_email="planted"/>'],
    ['a call with JSON', 'callback({"mobile":"planted"})'],
    ['a call with JSON that holds an &', 'callback({"a":"b=c","mobile":"1&planted"})'],
    ['a call with JSON that holds an = and an &', 'callback({"mobile":"1=5&planted"})'],
    ['a call with JSON, encoded', 'callback%28%7B%22mobile%22%3A%22planted%22%7D%29'],
    ['JSON after a word', 'x {"mobile":"planted"}'],
    ['JSON after a word, with an escaped key', 'x {"m\\u006fbile":"planted"}'],
    ['a JavaScript object', 'x = {mobile: "1&planted"}'],
    ['a form whose JSON holds an &', 'data={"mobile":"1&planted"}&a=1'],
    ['XML in a form', 'data=<mobile>1&planted</mobile>'],
    ['a line as people write it in Chinese', 'x，mobile：planted'],
    ['a line of YAML', 'mobile: planted'],
    ['a later line of YAML', 'title: x\nmobile: planted'],
    ['what is escaped too often', `m%${'25'.repeat(9)}6fbile: planted`],
    ['JSON that is nested too deep', `${'['.repeat(65)}{"mobile":"planted"}${']'.repeat(65)}`],
  ])('a text that cannot be taken apart and names one goes as a whole: %s', async (_, text) => {
    const sent = await publish(textOf({ data: text, list: [text], a: 1 }))
    expect(sent.body).toEqual({ list: [null], a: 1 })
    expect(sent.text).not.toContain('planted')
  })

  test.each([
    ['a map of DingTalk’s own', '{1:176292748870660512,2:true}'],
    ['a sentence', 'Please send the mobile: by email, <soon>'],
    ['a sentence with an &', 'Call the hotel & send a tag: 1'],
    ['a title', '[email] the new tags'],
    ['half an object that names none', '{"title":"mobile'],
    ['base64', '$:LWCP_v1:$tel+email/mobile=='],
    ['JSON text', '{ "order" : 176292748870660512 , "hotel":1.0 }'],
    ['a form', 'a=1&hotel=tel+email'],
    ['a lone surrogate', 'tel \ud800'],
    ['a percent sign', 'email 100%'],
  ])('another text stays as it is: %s', async (_, text) => {
    expect((await publish(textOf({ data: text }))).body).toEqual({ data: text })
  })

  test('what is left keeps its digits', async () => {
    const sent =
      '{"order":176292748870660512,"one":1.0,"mobile":"1","big":1e400,"data":"{\\"n\\":9007199254740993,\\"tel\\":1}"}'
    const { text } = await publish(sent)
    expect(text).toContain(
      '"body":{"order":176292748870660512,"one":1.0,"big":1e400,"data":"{\\"n\\":9007199254740993}"}',
    )
  })
})

describe('a form', () => {
  test.each([
    ['a name', 'mobile=planted&name=%E5%B0%8F+x', 'name=%E5%B0%8F+x'],
    ['a name of parts', 'user%5Bmobile%5D=planted&user.org_email=planted&a', 'a'],
    ['an encoded name', '%6d%6Fbile=planted&a=1', 'a=1'],
    [
      'JSON in a value',
      `payload=${encodeURIComponent('{"mobile":"planted","a":1}')}`,
      `payload=${encodeURIComponent('{"a":1}')}`,
    ],
    ['a form in a value', 'data=b%3D1%26mobile%3Dplanted&a=1', 'data=b%3D1&a=1'],
    ['JSON in a value that is not encoded', 'p={"a":"x=%26","mobile":"planted"}&b=小', 'p={"a":"x=%26"}&b=小'],
    ['one value of many that is cut', 'd=mobile%3Dplanted%26n%3d%e5%b0%8f+x', 'd=n%3d%e5%b0%8f+x'],
    ['JSON alone, encoded', '%7B%22mobile%22%3A%22planted%22%2C%22a%22%3A1%7D', '%7B%22a%22%3A1%7D'],
    ['half of JSON in a value', 'data=%7B%22mobile%22%3A%22planted&a=1', 'a=1'],
    ['a percent sign that encodes nothing', 'mobile=planted%&a=100%', 'a=100%'],
    ['nothing', 'name=x&a', 'name=x&a'],
  ])('with %s', async (_, sent, left) => {
    expect((await publish(sent, form)).body).toBe(left)
  })
})

test.each([
  ['JSON', 'data={"mobile":"1&planted"}&a=1'],
  ['XML', 'a=1&data=<mobile>1&planted</mobile>'],
])('a form whose value is %s that an & tears apart is refused, and nothing of it is published', async (_, body) => {
  const { post, published } = setUpWebhook()
  const response = await post({ body, headers: { 'Content-Type': form } })
  expect(response).toMatchObject({ statusCode: 415, json: { code: 'UnsupportedMediaType' } })
  expect(published).toEqual([])
})

test('a body that holds none of them goes on as it was sent', async () => {
  const sent = '{ "order" : 1.0 , "a":1, "a":2, "text":"{ \\"b\\" : 1 }" }'
  expect((await publish(sent)).text).toContain(`"body":${sent},`)
})

test.each<[string, string, string]>([
  ['in JSON', 'application/json', textOf({ data: `${'a='.repeat(20_000)}mobile=planted` })],
  ['as a form', form, `${'a='.repeat(20_000)}mobile=planted`],
  ['encoded', form, `${'a%3d'.repeat(10_000)}mobile=planted&b=${'小'.repeat(1_000)}`],
])('names upon names make no event that is longer than what was sent: %s', async (_, type, sent) => {
  const { text } = await publish(sent, type)
  expect(text.length).toBeLessThan(sent.length + 1_000)
  expect(text).not.toContain('planted')
})
