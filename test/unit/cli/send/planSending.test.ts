import { planSending, type SendArguments } from '../../../../cli/send/planSending'
import { UserError } from '../../../../shared/userError'

const anybody = { userId: expect.stringMatching(/^1\d{17}$/), name: '小明' }

test.each<[string, SendArguments, string, unknown]>([
  ['user_add_org', {}, 'connector', [[anybody]]],
  ['user_add_org', { encrypted: true }, 'native', [[anybody]]],
  ['user_add_org', { encrypted: true, form: 'native' }, 'native', [[anybody]]],
  ['user_add_org', { form: 'synchttp', name: '小红' }, 'synchttp', [[{ ...anybody, name: '小红' }]]],
  ['user_modify_org', { encrypted: true, name: '小红' }, 'native', [[{ ...anybody, name: '小红' }]]],
  ['org_admin_add', { 'user-id': '0042' }, 'native', [[{ userId: '0042', name: '小明' }]]],
  [
    'user_leave_org',
    { 'user-id': '0042, 0043,0042' },
    'connector',
    [
      [
        { userId: '0042', name: '小明' },
        { userId: '0043', name: '小明' },
      ],
    ],
  ],
  [
    'user_add_org',
    { count: '3', form: 'native-old' },
    'native-old',
    [[{ ...anybody, name: '小明1' }], [{ ...anybody, name: '小明2' }], [{ ...anybody, name: '小明3' }]],
  ],
  ['label_user_change', { 'user-id': '0042' }, 'native', [[{ userId: '0042', name: '小明' }]]],
  ['org_dept_create', {}, 'native', [[]]],
  ['org_update', { count: '2' }, 'synchttp', [[], []]],
  ['check_url', { encrypted: true }, 'native', [[]]],
])('%s %p goes as %s', (event, args, form, pushes) => {
  const sending = planSending([event], args)
  expect([sending.kind.name, sending.form, sending.pushes]).toEqual([event, form, pushes])
})

test('--count makes different people', () => {
  const { pushes } = planSending(['user_add_org'], { count: '500' })
  expect(new Set(pushes.flat().map(({ userId }) => userId)).size).toBe(500)
})

test.each<[string[], SendArguments, RegExp]>([
  [[], {}, /Name one event/],
  [['user_add_org', 'user_leave_org'], {}, /Name one event/],
  [['user_ad_org'], {}, /no event user_ad_org .*--list/],
  [['constructor'], {}, /no event constructor/],
  [['user_add_org'], { form: 'smoke' }, /one of connector, native, native-old, stream, synchttp/],
  [['user_dept_change'], { form: 'native' }, /user_dept_change has no form native: .* as connector, synchttp$/],
  [['user_dept_change'], { encrypted: true }, /user_dept_change has no form native/],
  [['org_dept_create'], { form: 'connector' }, /as native, native-old, stream, synchttp$/],
  [['org_update'], { form: 'stream' }, /as synchttp$/],
  [['user_add_org'], { encrypted: true, form: 'stream' }, /--encrypted means --form native/],
  [['user_add_org'], { 'user-id': '' }, /--user-id takes one id, or several/],
  [['user_add_org'], { 'user-id': '1,,2' }, /--user-id takes one id, or several/],
  [['user_add_org'], { 'user-id': '1', count: '2' }, /--count makes new user ids/],
  [['org_dept_create'], { 'user-id': '1' }, /org_dept_create is not about employees/],
  [
    ['user_add_org'],
    { encrypted: true, name: '小红' },
    /user_add_org as native carries ids alone, and no name: leave out --name, or --form connector or synchttp$/,
  ],
  [['user_add_org'], { form: 'native-old', name: '小红' }, /user_add_org as native-old carries ids alone/],
  [['user_add_org'], { form: 'stream', name: '小红' }, /user_add_org as stream carries ids alone/],
  [['user_leave_org'], { name: '小红' }, /user_leave_org as connector carries ids alone.* leave out --name/],
  [
    ['label_user_change'],
    { name: '小红' },
    /label_user_change as native carries ids alone, and no name: leave out --name$/,
  ],
  [['check_url'], { name: '小红' }, /check_url is not about employees/],
  [['user_add_org'], { count: '0' }, /--count must be a number from 1 to 100000/],
  [['user_add_org'], { count: '100001' }, /--count must be/],
  [['user_add_org'], { count: '1.5' }, /--count must be/],
  [['user_add_org'], { count: 'x' }, /--count must be/],
  [['user_add_org'], { count: '' }, /--count must be/],
])('%p %p is refused in one line', (events, args, message) => {
  expect(() => planSending(events, args)).toThrow(UserError)
  expect(() => planSending(events, args)).toThrow(message)
})
