import { judgePeople, lookForPeople } from '../../../functions/reconcile/doctor/people'
import { checkPermission } from '../../../functions/reconcile/doctor/permissions'
import { attempt, stepFor } from '../../../functions/reconcile/doctor/refusals'
import type { Directory } from '../../../shared/dingtalk/directory/directory'
import { DingtalkError, type Reaction } from '../../../shared/dingtalk/directory/errors'

describe('people', () => {
  /** Departments, each with those below it and how many people are shown in it. */
  const directoryOf = (below: Record<string, string[]>, inhabited: string) =>
    ({
      countPeople: async () => 1,
      memberIds: async (id: string) => (id === inhabited ? ['p'] : []),
      async *members(id: string) {
        if (id === inhabited) yield { value: ['p'], askedAt: 0 }
      },
      subDepartmentIds: async (id: string) => below[id] ?? [],
      subDepartments: async (id: string) => ({ value: below[id] ?? [], askedAt: 0 }),
    }) as unknown as Directory

  test.each([
    ['in the root', '1', 1],
    ['in the last department of the first level', '13', 1],
    ['below the second', '121', 1],
    ['nowhere that is looked at', '20', 0],
    ['nowhere, where a school’s contacts alone have some', '-1', 0],
  ])('are found %s', async (_, inhabited, found) => {
    const below = { 1: ['-1', '11', '12', '13'], 12: ['121'], 121: ['14', '15', '16', '17', '18', '19', '20'] }
    const sight = await lookForPeople(directoryOf(below, inhabited), '1')
    expect(sight).toEqual({ count: 1, listed: found, shown: found, hidesDepartments: false })
  })

  test.each([
    ['5, where both lists have some', 5, 3, 3, 'ok', '5 in the organisation'],
    ['5, where neither has any, as of the first departments of many', 5, 0, 0, 'ok', '5 in the organisation'],
    ['5, where ids are listed alone', 5, 3, 0, 'wrong', /shows nobody where somebody is/],
    ['5, where people are read alone', 5, 0, 3, 'wrong', /shows nobody where somebody is/],
    ['nobody, as it would without a permission', 0, 0, 0, 'wrong', /counts 0 people, and shows nobody/],
  ])('that DingTalk counts are %s', (_, count, listed, shown, state, found) => {
    const link = judgePeople({ count, listed, shown, hidesDepartments: false })
    expect(link).toMatchObject({ state, found: expect.stringMatching(found) })
  })

  test.each([
    ['denied', 'unknown', 'a permission is missing'],
    ['outOfScope', 'ok', 'single ones alone, since the range has no department'],
    ['later', 'unknown', 'm'],
  ] as const)('DingTalk that answers %s is %s: %s', (reaction, state, found) => {
    expect(judgePeople(new DingtalkError(reaction, 'x', 'm'))).toMatchObject({ state, found })
  })
})

test.each<[string, Reaction[], string]>([
  ['later', ['later'], 'unknown'],
  ['denied', ['denied'], 'wrong'],
  ['gone', ['gone'], 'ok'],
  ['later and then denied', ['later', 'denied'], 'wrong'],
  ['out of scope and then later', ['outOfScope', 'later'], 'unknown'],
])('a permission whose calls are answered %s', async (_, reactions, state) => {
  const refuse = (reaction: Reaction) => () => Promise.reject(new DingtalkError(reaction, 'x', 'm'))
  const calls = Object.fromEntries(reactions.map((reaction) => [reaction, refuse(reaction)]))
  expect(await checkPermission({ name: 'p', calls }, {} as Directory, '1', 0)).toMatchObject({ state })
})

test.each<[Reaction, string, string]>([
  ['denied', 'ok', 'missing, so that one has to wait'],
  ['refused', 'wrong', 'm'],
  ['unreadable', 'wrong', 'm'],
  ['later', 'unknown', 'm'],
])('a permission without which it goes, and that is answered %s, is %s: %s', async (reaction, state, found) => {
  const calls = { call: () => Promise.reject(new DingtalkError(reaction, 'x', 'm')) }
  const link = await checkPermission({ name: 'p', calls, without: 'one has to wait' }, {} as Directory, '1', 0)
  expect(link).toMatchObject({ state, found })
})

test('there is a step for time that was up, and a fault of ours is nobody’s refusal', async () => {
  expect(stepFor(new DingtalkError('later', 'TimeIsOver', 'm'))).toBe('run this again in a minute')
  const ours = new TypeError('x')
  await expect(attempt(() => Promise.reject(ours))).rejects.toBe(ours)
})
