import { readConfig } from '../../../functions/employees/config'

const needed = { MYSQL_HOST: 'rm.example.com', MYSQL_USER: 'hr', MYSQL_DATABASE: 'hr' }

test('what need not be set', () => {
  expect(readConfig(needed)).toEqual({
    ...needed,
    MYSQL_PORT: 3306,
    MYSQL_PASSWORD: '',
    DINGTALK_CORP_ID: '',
    MAX_LEAVERS: { count: 5, percent: 2 },
  })
})

test.each(['rm.example.com', '10.0.0.5', '::1', '2001:db8::5'])('%s is a host', (MYSQL_HOST) => {
  expect(readConfig({ ...needed, MYSQL_HOST }).MYSQL_HOST).toBe(MYSQL_HOST)
})

test.each(['rm.example.com:3306', 'h:', 'h:3', ':3306', 'mysql://rm.example.com', 'mysql://rm.example.com:3306/hr'])(
  '%s is no host alone',
  (MYSQL_HOST) => {
    expect(() => readConfig({ ...needed, MYSQL_HOST })).toThrow(/^MYSQL_HOST: must be the host alone/)
  },
)

test('a corporation has at most 64 characters', () => {
  expect(readConfig({ ...needed, DINGTALK_CORP_ID: 'x'.repeat(64) }).DINGTALK_CORP_ID).toHaveLength(64)
  expect(() => readConfig({ ...needed, DINGTALK_CORP_ID: 'x'.repeat(65) })).toThrow(/^DINGTALK_CORP_ID: /)
})
