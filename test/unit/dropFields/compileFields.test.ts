import { compileFields, foldName, isWord } from '../../../shared/dropFields/fieldNames'

test.each([
  ['', true],
  ['a', true],
  ['org_email-2', true],
  ['a b', false],
  ['a.b', false],
  ['.', false],
  ['手机', false],
])('%j is one word: %s', (name, isOne) => {
  expect(isWord(name)).toBe(isOne)
})

const chosen = () => compileFields(['orgEmail', 'mobile', '手机'])

test.each([
  ...[
    'mobile',
    'Org-Email',
    'org_email',
    'user.mobile',
    'mobile.user',
    'user[mobile]',
    'a/b: org_email',
    '手机',
    '手 机',
  ],
  ...['我的/手机', 'x 手机', 'é.mobile', 'SuiteTicket', 'suite_access_token', 'a.client_secret', 'É.AuthCode'],
])('the field %j goes', (name) => {
  expect(chosen().has(name)).toBe(true)
  expect(chosen().mayBeIn(`x ${name}: 1`)).toBe(true)
})

test.each([
  ...['mobiles', 'emobile', 'orgEmail2', '手', '的手机', 'é', 'é.mobiles', '', ' . '],
  ...['secrets', 'authCodes', 'a.secrets.b', 'accessTokenType'],
])('the field %j stays', (name) => {
  expect(chosen().has(name)).toBe(false)
})

test.each([
  ['', false],
  ['a plain line', false],
  ['100%, 5%a, %g0', false],
  ['a \\ b \\x', false],
  ['mobil', false],
  ['小手 机', true],
  ['m.o_b-i-l e', true],
  ['my secrets', true],
  ['accessTokens', true],
  ['%6d', true],
  ['%E6', true],
  ['\\u006d', true],
  ['\\n', true],
])('a field may be in %j: %s', (text, mayBe) => {
  expect(chosen().mayBeIn(text)).toBe(mayBe)
})

test('names that are all ASCII are found in a text that is not', () => {
  const fields = compileFields(['mobile'])
  expect(fields.mayBeIn('小mo-小-bile')).toBe(true)
  expect(fields.mayBeIn('小mobil')).toBe(false)
  expect(fields.has('小.mobile')).toBe(true)
})

test('without names the secrets go alone', () => {
  const none = compileFields([])
  expect(['appSecret', 'mobile', ''].map((name) => none.has(name))).toEqual([true, false, false])
  expect(['x appSecret', 'mobile', ''].map((text) => none.mayBeIn(text))).toEqual([true, false, false])
})

test('a name is folded to its letters and digits', () => {
  expect(foldName('Org__e-mail 2')).toBe('orgemail2')
  expect(foldName('É__. 手--机2')).toBe('é手机2')
})
