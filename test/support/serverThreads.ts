import type { Connection, RowDataPacket } from 'mysql2/promise'

// Not from information_schema: MySQL refuses to read there while a statement with binary values runs anywhere.

interface Thread {
  id: number
  user: string
  database: string | undefined
  state: string
  statement: string
}

/** The connections that a server has, the one that asks left out. */
export async function otherThreads(connection: Connection): Promise<Thread[]> {
  const [rows] = await connection.query<RowDataPacket[]>('SHOW FULL PROCESSLIST')
  return rows
    .map(({ Id, User, db, State, Info }) => ({
      id: Number(Id),
      user: String(User),
      database: db === null ? undefined : String(db),
      state: String(State),
      statement: String(Info),
    }))
    .filter(({ id }) => id !== connection.threadId)
    .sort((one, other) => one.id - other.id)
}

/** The ids of those that wait for rows which others have locked. */
export async function threadsWaitingForRows(connection: Connection): Promise<number[]> {
  const [[row]] = await connection.query<RowDataPacket[]>('SHOW ENGINE INNODB STATUS')
  const transactions = String(row?.['Status']).split('LIST OF TRANSACTIONS FOR EACH SESSION:')[1] ?? ''
  return [...transactions.matchAll(/^LOCK WAIT .*\n\w+ thread id (\d+)/gm)].map(([, id]) => Number(id))
}
