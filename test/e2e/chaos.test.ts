import { balance, type Ledger } from '../../chaos/account/account'
import type { FaultKind } from '../../chaos/plan/schedule'
import { WALKED_CORP } from '../../chaos/plan/told'
import { runChaos } from '../../chaos/run/run'

// What `npm run chaos` does, for a minute. The account is no account unless it finds what is wrong: so before it is made,
// rows are changed and events lost, one after the other, and put right again.

const KINDS: FaultKind[] = ['stack killed', 'database killed', 'database read-only', 'functions throw', 'clock back']

interface Wrong {
  what: string
  /** makes it so, and returns what puts it right */
  make(ledger: Ledger): Promise<() => unknown>
  found: RegExp
}

function bySql(statement: string, undo: string): Wrong['make'] {
  return async ({ database }) => {
    await database.query('CREATE TEMPORARY TABLE IF NOT EXISTS kept AS SELECT * FROM user_info WHERE corpId = ?', [
      'dingchaos',
    ])
    await database.query(statement)
    return () => database.query(undo)
  }
}

const PUT_BACK = 'REPLACE INTO user_info SELECT * FROM kept'

const WRONG: Wrong[] = [
  {
    what: 'a row that is not as the history says',
    make: bySql("UPDATE user_info SET name = 'x' WHERE corpId = 'dingchaos' LIMIT 1", PUT_BACK),
    found: /^user_info dingchaos \w+ is not what the history says in name$/,
  },
  {
    what: 'a leaver who is taken back',
    make: bySql(
      "UPDATE user_info SET leftAt = NULL WHERE corpId = 'dingchaos' AND leftAt IS NOT NULL LIMIT 1",
      PUT_BACK,
    ),
    found: /^user_info dingchaos \w+ is not what the history says in leftAt$/,
  },
  {
    what: 'a row that is gone',
    make: bySql("DELETE FROM user_info WHERE corpId = 'dingchaos' LIMIT 1", PUT_BACK),
    found: /^user_info dingchaos \w+ has no row$/,
  },
  {
    what: 'a row that nobody sent',
    make: bySql(
      `INSERT INTO user_info (corpId, userId, columnVersions) VALUES ('${WALKED_CORP}', 'stray', '')`,
      "DELETE FROM user_info WHERE userId = 'stray'",
    ),
    found: /^user_info dingwalked stray has a row that nobody sent$/,
  },
  {
    what: 'a dead letter that is gone',
    make: async ({ database }) => {
      await database.query('CREATE TEMPORARY TABLE letters AS SELECT * FROM dead_letters LIMIT 1')
      await database.query('DELETE FROM dead_letters WHERE eventId = (SELECT eventId FROM letters)')
      return () => database.query('INSERT INTO dead_letters SELECT * FROM letters')
    },
    found: /^event [\w-]+ was set aside without a letter$/,
  },
  {
    what: 'an event that was answered 200 and is nowhere',
    make: ({ taken, told }) => {
      const lost = told.length
      ;(told as Ledger['told'][number][]).push({ ...(told[0] as Ledger['told'][number]), n: lost })
      ;(taken as Set<number>).add(lost)
      return Promise.resolve(() => (taken as Set<number>).delete(lost))
    },
    found: /^event \d+ \(snapshot\) was answered 200, and the bus does not have it$/,
  },
]

test('500 events through killed stacks and databases: the account balances, and finds whatever is not right', async () => {
  const differencesOf: Record<string, string[]> = {}
  const { account, faults } = await runChaos({
    ...{ events: 500, seed: 17, ms: 0, quicker: 10, kinds: KINDS, organisation: false },
    progress() {},
    async tamper(ledger) {
      for (const { what, make } of WRONG) {
        const putRight = await make(ledger)
        differencesOf[what] = (await balance(ledger)).differences
        await putRight()
      }
    },
  })
  expect(account.differences).toEqual([])
  expect([...faults.keys()].sort()).toEqual([...KINDS].sort())
  expect(account.rows).toBeGreaterThan(20)
  expect(account.deadLetters).toBeGreaterThan(0)
  for (const { what, found } of WRONG) {
    expect({ what, differences: differencesOf[what] }).toEqual({ what, differences: [expect.stringMatching(found)] })
  }
})
