import { applyPlan } from '../../../../cli/provision/plan'

/** Applies a plan of one call, which EventBridge answers with this code. */
async function apply(operation: string, code: string): Promise<string[]> {
  const lines: string[] = []
  const call = async () => {
    throw Object.assign(new Error('refused'), { code })
  }
  const change = { kind: 'create' as const, what: 'rule r', details: [], calls: [{ operation, body: {} }] }
  await applyPlan({ call }, { changes: [change], notes: [] }, (line) => lines.push(line))
  return lines
}

test.each([
  ['createEventBus', 'EventBusAlreadyExist'],
  ['createRule', 'EventRuleAlreadyExist'],
  ['createTargets', 'EventRuleTargetIdDuplicate'],
  ['deleteTargets', 'EventTargetNotExist'],
  ['deleteRule', 'EventRuleNotExist'],
])('%s whose answer was lost finds %s, and goes on', async (operation, code) => {
  expect(await apply(operation, code)).toEqual(['created rule r'])
})

test.each([
  ['createRule', 'EventBusNotExist'],
  ['updateRule', 'EventRuleNotExist'],
  ['deleteEventBus', 'EventBusRuleNotEmptyForDelete'],
  ['createTargets', 'EventTargetCountExceedLimit'],
])('%s ends at %s', async (operation, code) => {
  await expect(apply(operation, code)).rejects.toMatchObject({ code })
})
