import { chinaTime } from '../../shared/chinaTime'
import { type Random, seededRandom } from '../../shared/seededRandom'
import type { Happening } from './changes'
import type { Organisation } from './organisation'

const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]
/** They are handed in within the last days. */
const DAYS = 60

/** Forms as organisations have them; DingTalk's own have a category. How long half of the decisions take at most is in minutes. */
const FORMS = [
  { number: 1, category: 'attendance.goout', name: '外出', median: 35, weight: 6 },
  { number: 2, category: 'attendance.batchovertime', name: '加班', median: 90, weight: 4 },
  { number: 3, category: 'attendance.supply', name: '补卡', median: 150, weight: 4 },
  { number: 4, category: 'hrm.regular', name: '转正', median: 2_800, weight: 1 },
  { number: 5, category: '', name: '用印', median: 400, weight: 2 },
  { number: 6, category: '', name: '采购', median: 1_700, weight: 2 },
] as const
const BAG = FORMS.flatMap((form) => Array.from({ length: form.weight }, () => form))

/**
 * Approvals that people of the organisation have handed in lately, and what became of them: a start, and of those that are
 * over a finish, or a withdrawal. The same for the same seed and time.
 */
export function inventApprovals(
  { people }: Organisation,
  count: number,
  seed: number,
  now: number,
): Happening['events'] {
  const random = seededRandom(seed)
  const members = [...people.values()]
  return Array.from({ length: count }, (_, at) => {
    const form = random.of(BAG)
    const person = random.of(members)
    const createTime = now - random.below(DAYS * DAY_MS)
    const finishTime = createTime + Math.round(form.median * 2 ** spread(random) * MINUTE_MS)
    const started = {
      processInstanceId: `inv${seed.toString(36)}-${at}`,
      businessId: `${digitsOfMinute(createTime)}${String(at).padStart(9, '0')}`,
      processCode: `PROC-6B1E0C52-91D4-4F0B-8A6E-0D3C7B5A1F0${form.number}`,
      bizCategoryId: form.category,
      businessType: '',
      title: `${person.name}提交的${form.name}申请`,
      staffId: person.userid,
      createTime,
    }
    const outcome = random.below(20)
    const ended = outcome === 0 ? { type: 'terminate' } : { type: 'finish', result: outcome < 3 ? 'refuse' : 'agree' }
    return [{ ...started, type: 'start' }, ...(finishTime < now ? [{ ...started, ...ended, finishTime }] : [])]
  })
    .flat()
    .map((details) => ['bpms_instance_change', details])
}

/** About 0, and seldom beyond 3. */
function spread(random: Random): number {
  return (random.below(1_000) + random.below(1_000) + random.below(1_000)) / 500 - 3
}

/** `202609211253` */
function digitsOfMinute(time: number): string {
  return chinaTime(time).replace(/\D/g, '').slice(0, 12)
}
