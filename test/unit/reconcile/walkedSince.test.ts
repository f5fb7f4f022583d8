import { handler } from '../../../functions/reconcile/index'
import { gatewayError } from '../../support/dingtalkServer'
import { directoryFunctions } from '../../support/directoryFunctions'
import { deliveredEvent } from '../../support/events'
import { fcContext } from '../../support/fcEvent'
import { story } from '../../support/story'

// an instance remembers when its last walk began: that of this file has done none before

const step = story()
const functions = directoryFunctions(step)
const invoke = (payload: unknown) => functions.invoke(handler, payload)
const callsSoFar = () => functions.server.asked.filter(({ path }) => path !== 'openapi/putEvents').length

step('a walk without rosters answers no event, and one with them all that happened before it', async () => {
  const changed = deliveredEvent(
    { EventType: 'inner_app_scopes_change', CorpId: 'dingcorp' },
    { time: new Date(Date.now() - 3_600_000).toISOString() },
  )
  let count = 99
  functions.server.answer(({ path }) => (path === 'topapi/user/count' ? { errcode: 0, result: { count } } : undefined))
  for (const outcome of ['withheld', 'withheld', 'walked', 'walked_since']) {
    if (outcome === 'walked') count = 5
    expect(await invoke(changed)).toMatchObject({ outcome })
  }
  expect(functions.lines).toMatchObject([
    { level: 'error', outcome: 'withheld' },
    { level: 'error', outcome: 'withheld' },
    { level: 'info', outcome: 'walked' },
    { level: 'info', outcome: 'walked_since' },
  ])
})

step('each line has the calls and the time of its own invocation', async () => {
  for (const _time of [1, 2]) {
    const [before, from] = [callsSoFar(), performance.now()]
    await invoke({ payload: 'full' })
    const { calls, ms } = functions.lines.at(-1) ?? {}
    expect(calls).toBe(callsSoFar() - before)
    expect(ms).toBeLessThanOrEqual(Math.ceil(performance.now() - from))
  }
})

step('and so has that of a walk that cannot be done, with what it lacks', async () => {
  await invoke({ payload: 'full' })
  const before = callsSoFar()
  functions.server.answer(({ path }) =>
    path === 'topapi/v2/user/list' ? gatewayError('60011', '[qyapi_get_department_member]') : undefined,
  )
  await expect(invoke({ payload: 'full' })).rejects.toMatchObject({ code: '60011' })
  expect(functions.lines.at(-1)).toMatchObject({ outcome: 'reconcile_failed', calls: callsSoFar() - before })
  expect(functions.lines.at(-1)?.['detail']).toMatch(/the app lacks qyapi_get_department_member/)
})

step('a doctor with a fault of its own is a failed invocation, and quotes nothing', async () => {
  process.env = {
    get DINGTALK_CORP_ID(): never {
      throw new TypeError('planted')
    },
  }
  const failed = handler(Buffer.from('{"maintenance":"doctor"}'), fcContext)
  await expect(failed).rejects.toThrow('planted')
  expect(functions.lines).toMatchObject([{ level: 'error', outcome: 'reconcile_failed', task: 'doctor', calls: 0 }])
  expect(JSON.stringify(functions.lines)).not.toContain('planted')
})
