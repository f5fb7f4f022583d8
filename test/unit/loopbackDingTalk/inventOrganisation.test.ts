import { execFileSync } from 'node:child_process'
import { inventOrganisation } from '../../../local/dingtalk/inventOrganisation'
import type { Organisation } from '../../../local/dingtalk/organisation'
import { PROJECT } from '../../support/documents'

const NOW = Date.parse('2026-11-01T00:00:00Z')
const SIZES = [13, 14, 50, 199, 200, 2_000, 5_000]
const made = new Map(SIZES.map((people) => [people, inventOrganisation(people, 1, NOW)]))

const each = test.each(SIZES.map((people) => [people] as const))
const of = (people: number) => made.get(people) as Organisation

/** Levels between a department and the root. */
function levelOf({ departments }: Organisation, id: string): number {
  const parentId = departments.get(id)?.parentId
  return parentId === undefined ? 0 : 1 + levelOf({ departments } as Organisation, parentId)
}

each('%d people: as many as were asked for, each with an id of their own', (people) => {
  const { people: all } = of(people)
  expect(all.size).toBe(people)
  expect(new Set([...all.values()].map(({ unionid }) => unionid)).size).toBe(people)
})

each('%d people: everybody is in departments that are there, and those list them', (people) => {
  const organisation = of(people)
  const places = [...organisation.people.values()].flatMap(({ userid, placements }) =>
    placements.map(({ deptId }) => `${deptId} ${userid}`),
  )
  const listed = [...organisation.departments.keys()].flatMap((id) =>
    organisation.members(id).map(({ userid }) => `${id} ${userid}`),
  )
  expect(listed.toSorted()).toEqual(places.toSorted())
})

each('%d people: the departments are a tree below the root, seven levels at most', (people) => {
  const organisation = of(people)
  const found = ['1']
  for (const id of found) found.push(...organisation.children(id))
  expect(found.toSorted()).toEqual([...organisation.departments.keys()].toSorted())
  expect(Math.max(...found.map((id) => levelOf(organisation, id)))).toBeLessThanOrEqual(7)
})

each('%d people: every kind of person is there', (people) => {
  const organisation = of(people)
  const all = [...organisation.people.values()]
  const kinds = {
    'in several departments': all.some(({ placements }) => placements.length >= 3),
    'in the root': organisation.members('1').length > 0,
    'not activated': all.some(({ active }) => !active),
    'main administrator': all.some(({ adminLevel }) => adminLevel === 1),
    'sub-administrator': all.some(({ adminLevel }) => adminLevel === 2),
    'account that was stopped': all.some(({ account }) => account?.stopped),
    'of a related organisation': all.some(({ union }) => union !== undefined),
    'id with a leading zero': all.some(({ userid }) => /^0\d{17}$/.test(userid)),
    'id of 64 characters, with a hyphen': all.some(({ userid }) => userid.length === 64 && userid.includes('-')),
    'an order beyond 2^53': all.some(({ placements }) => Number(placements[0]?.order) > Number.MAX_SAFE_INTEGER),
    'no date of entry': all.some(({ hiredAt }) => hiredAt === undefined),
    'an empty job number': all.some(({ jobNumber }) => jobNumber === ''),
    'no job number': all.some(({ jobNumber }) => jobNumber === undefined),
    'a manager who is there': all.some(({ managerId = '' }) => organisation.people.has(managerId)),
    'somebody who came back': organisation.leavers.some(({ userid, at }) => {
      const back = organisation.people.get(userid)
      return back !== undefined && back.createdAt > at
    }),
    'somebody who left for good': organisation.leavers.some(({ userid }) => !organisation.people.has(userid)),
  }
  // what comes by chance may be missing where there are few
  const byChance = people < 50 ? ['an empty job number', 'no job number', 'no date of entry'] : []
  expect(Object.entries(kinds).filter(([kind, is]) => !is && !byChance.includes(kind))).toEqual([])
})

each('%d people: every kind of department is there', (people) => {
  const { departments, members } = of(people)
  const all = [...departments.values()]
  const sizes = all.map(({ id }) => members(id).length)
  expect({
    empty: sizes.includes(0),
    hidden: all.some(({ hidden }) => hidden),
    'with hidden people': all.some(({ id, hidden }) => hidden && members(id).length > 0),
    related: all.some(({ fromUnionOrg }) => fromUnionOrg),
    'with an id from elsewhere': all.some(({ sourceIdentifier }) => sourceIdentifier !== undefined),
    'of more than a page': people < 200 || Math.max(...sizes) > 100,
  }).toEqual({
    empty: true,
    hidden: true,
    'with hidden people': true,
    related: true,
    'with an id from elsewhere': true,
    'of more than a page': true,
  })
  expect(all.every(({ id }) => id === '1' || /^[1-9]\d{6,9}$/.test(id))).toBe(true)
})

test.each([
  [79, 10, 20],
  [2_000, 150, 500],
  [5_000, 300, 1_250],
])('%d people are in %d to %d departments, as in life', (people, from, to) => {
  const { size } = (made.get(people) ?? inventOrganisation(people, 1, NOW)).departments
  expect(size).toBeGreaterThanOrEqual(from)
  expect(size).toBeLessThanOrEqual(to)
})

const wholeOf = ({ people, departments, leavers }: Organisation) => [[...people], [...departments], leavers]

test('the same seed and time make the same, another seed another', () => {
  expect(wholeOf(inventOrganisation(200, 1, NOW))).toEqual(wholeOf(of(200)))
  expect(wholeOf(inventOrganisation(200, 2, NOW))).not.toEqual(wholeOf(of(200)))
})

test('100,000 people can be had', () => {
  // in a process of its own: in jest's sandbox it takes five times as long
  const script = `const { inventOrganisation } = require('./local/dingtalk/inventOrganisation')
    console.log(inventOrganisation(100_000, 7, ${NOW}).people.size)`
  const said = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { cwd: PROJECT, encoding: 'utf8' })
  expect(said).toBe('100000\n')
})

test('nobody came or left in the future', () => {
  for (const organisation of made.values()) {
    const times = [...organisation.people.values()].flatMap(({ createdAt, modifiedAt }) => [createdAt, modifiedAt])
    expect(Math.max(...times.slice(0, 50_000), ...organisation.leavers.map(({ at }) => at))).toBeLessThan(NOW)
  }
})
