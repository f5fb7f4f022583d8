import { nearest } from '../../../shared/nearest'

test.each<[what: string, word: string, name: string]>([
  ['the same', 'mobile', 'mobile'],
  ['other case', 'MOBILE', 'mobile'],
  ['hyphens for underscores', 'app-key', 'app_key'],
  ['no underscores', 'appkey', 'APP_KEY'],
  ['several underscores', '__app___key', 'appkey'],
  ['full-width letters', 'ａｐｐ＿ｋｅｙ', 'APP_KEY'],
  ['a name of few letters in other case', 'PORT', 'port'],
  ['a letter too many at its end', 'mobiles', 'mobile'],
  ['a letter too many at its beginning', 'xmobile', 'mobile'],
  ['a letter that is missing in the middle', 'moile', 'mobile'],
  ['a letter that is missing at its end', 'mobil', 'mobile'],
  ['a letter that is another', 'mobife', 'mobile'],
  ['its first letter another', 'nobile', 'mobile'],
  ['its last letter another', 'mobila', 'mobile'],
  ['two letters swapped', 'mobiel', 'mobile'],
  ['its first two letters swapped', 'omile', 'moile'],
  ['two letters off, of ten', 'departmxnx', 'department'],
  ['two pairs swapped, of ten', 'edpartmetn', 'department'],
  ['a swap and a letter too many, of ten', 'edpartmentt', 'department'],
  ['three words, one letter off in two', 'dingtalk_apb_kez', 'dingtalk_app_key'],
  ['a short word with a letter too few', 'dingtalk_ap_key', 'dingtalk_app_key'],
  ['words that are written as one', 'dingtalkapp_key', 'DINGTALK_APP_KEY'],
  ['another script', '员工的手机号玛', '员工的手机号码'],
])('%s: %j is meant as %j', (_, word, name) => {
  expect(nearest(word, ['something else', name, 'and another'])).toBe(name)
})

test.each<[what: string, word: string, name: string]>([
  ['another', 'department', 'mobile'],
  ['a letter off, of four', 'post', 'port'],
  ['a letter off, of five that are four in the name', 'ports', 'port'],
  ['two letters off, of nine', 'telephxnx', 'telephone'],
  ['a letter that has moved, and another after it', 'moixle', 'mobile'],
  ['a letter that has moved, and another before it', 'moxble', 'mobile'],
  ['two letters that change places over a third', 'mobeli', 'mobile'],
  ['two pairs swapped, of eight', 'ahsh_maek', 'hash_make'],
  ['three letters off, of twenty', 'dingtalkdepartmxxxxx', 'dingtalkdepartmenta'],
  ['a word that is another', 'DINGTALK_APP_KEY', 'DINGTALK_AES_KEY'],
  ['another number', 'column_12', 'column_13'],
  ['a short word that is half another', 'column_a1', 'column_b2'],
  ['nothing', '', 'mobile'],
  ['what has no letters', '---', 'mobile'],
  ['of another script', '员工的手机号码', '部门的名称列表'],
])('%s: %j is not meant as %j', (_, word, name) => {
  expect(nearest(word, [name])).toBeUndefined()
})

test('of several the nearest is meant, and of those as near the first', () => {
  expect(nearest('departmens', ['apartments', 'department', 'departmens_'])).toBe('departmens_')
  expect(nearest('departmenx', ['dapartmenz', 'department', 'departments'])).toBe('department')
  expect(nearest('departmenx', ['department', 'departmeny'])).toBe('department')
  expect(nearest('departmenx', [])).toBeUndefined()
})

test('how many letters may be off is bounded, by two unless something else is said', () => {
  const word = 'organisation_abcdefgh'
  const off = (letters: number) => `organisation_${'x'.repeat(letters)}${'abcdefgh'.slice(letters)}`
  expect([1, 2, 3].map((letters) => nearest(word, [off(letters)]) !== undefined)).toEqual([true, true, false])
  expect([1, 2].map((letters) => nearest(word, [off(letters)], 1) !== undefined)).toEqual([true, false])
  expect(nearest('organisationabcdefgh', ['organisationxyzdefgh'], 3)).toBe('organisationxyzdefgh')
})
