import { waitForDelivery } from '../../../../cli/doctor/delivery'

test('what another system’s rule delivers is no proof that the event came through', async () => {
  const stepOf = (RuleName: string) => ({ RuleName, NotifyStatus: '[200]Ok', NotifyLatency: 1 })
  const answers = [[stepOf('audit')], [stepOf('audit'), stepOf('employees')]]
  const api = { call: async () => ({ EventTraceList: answers.shift() }) }
  const attempts = await waitForDelivery({ api, busName: 'bus', rules: ['employees'] }, 'e')
  expect(attempts.map(({ rule }) => rule)).toEqual(['employees'])
})
