import * as z from 'zod/mini'
import { DROPPED_BY_DEFAULT, dropFieldsVariable } from '../../../shared/dropFields/variable'

const read = (value: string | undefined) => z.safeParse(dropFieldsVariable, value)

test.each<[what: string, value: string | undefined, names: string[]]>([
  ['what is unset', undefined, DROPPED_BY_DEFAULT.split(',')],
  ['none', 'none', []],
  ['one', 'mobile', ['mobile']],
  ['several', 'mobile, org_email,手机号', ['mobile', 'org_email', '手机号']],
  ['a field of that name beside another', 'none,mobile', ['none', 'mobile']],
])('DROP_FIELDS drops %s', (_, value, names) => {
  expect(read(value)).toMatchObject({ success: true, data: names })
})

test.each(['-', 'mobile,_', '*', '。'])('DROP_FIELDS=%s is refused', (value) => {
  expect(read(value).success).toBe(false)
})
