import fs from 'node:fs'
import path from 'node:path'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import { errorCode } from '../../shared/errorCode'
import { type DatabaseAddress, openConnection } from '../database/database'
import type { Figures } from './protocol'

/** Of 100,000 people the departments take seconds; a database that hangs must not hold up the page for ever. */
const ANSWER_WITHIN_MS = 30_000

const EXAMPLES = path.join(__dirname, '../../examples')
const FILES = { people: 'analytics.sql', approvals: 'analytics.approvals.sql' } as const

/** What the server says where mapping.yaml has no such table or column, or where it is too old for the views. */
const CANNOT_BE = new Set(['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'ER_PARSE_ERROR'])
/** Then somebody else may have made them. */
const NOT_ALLOWED = new Set([
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_SPECIFIC_ACCESS_DENIED_ERROR',
])

/**
 * Reads what the page draws from the views of examples/, which it makes in the database first, once.
 * @returns a function that rejects with the driver's error when the database does not answer
 */
export function createFigures(address: DatabaseAddress) {
  /** by file, why its views cannot be made; once they are known */
  let missing: Promise<Figures['missing']> | undefined

  async function makeViews(connection: Connection): Promise<Figures['missing']> {
    const found: Figures['missing'] = {}
    for (const part of ['people', 'approvals'] as const) {
      try {
        const sql = fs.readFileSync(path.join(EXAMPLES, FILES[part]), 'utf8')
        await connection.query({ sql, timeout: ANSWER_WITHIN_MS })
      } catch (error) {
        const code = errorCode(error) ?? ''
        if (CANNOT_BE.has(code)) found[part] = code
        else if (!NOT_ALLOWED.has(code)) throw error
      }
    }
    return found
  }

  /** @param asked the corporation; the greatest where it is not said, or not there */
  return async function read(asked: string | null): Promise<Figures> {
    const connection = await openConnection(address, {
      connectTimeout: ANSWER_WITHIN_MS,
      multipleStatements: true,
      dateStrings: true,
      decimalNumbers: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
    })
    try {
      missing ??= makeViews(connection).catch((error: unknown) => {
        missing = undefined
        throw error
      })
      return await readFigures(connection, asked, await missing)
    } finally {
      connection.destroy()
    }
  }
}

async function readFigures(
  connection: Connection,
  asked: string | null,
  missing: Figures['missing'],
): Promise<Figures> {
  const rowsOf = async (sql: string, values: unknown[] = []): Promise<RowDataPacket[]> => {
    const [rows] = await connection.query<RowDataPacket[]>({ sql, timeout: ANSWER_WITHIN_MS }, values)
    return rows
  }
  const none: Figures = { corporations: [], days: [], departments: [], approvals: [], missing }
  const corporations = (await rowsOf(missing.people ? CORPORATIONS_OF_APPROVALS : CORPORATIONS)).map((row) => ({
    corpId: String(row['corpId']),
    headcount: Number(row['headcount']),
  }))
  const corpId = (corporations.find((one) => one.corpId === asked) ?? corporations[0])?.corpId
  if (corpId === undefined) return none
  return {
    ...none,
    corporations,
    corpId,
    ...(!missing.people && {
      days: (await rowsOf(DAYS, [corpId])).map((row) => ({
        day: String(row['day']),
        joiners: Number(row['joiners']),
        leavers: Number(row['leavers']),
        headcount: Number(row['headcount']),
      })),
      departments: (await rowsOf(DEPARTMENTS, [corpId, corpId])).map((row) => ({
        id: String(row['deptId']),
        parentId: row['parentId'] === null ? null : String(row['parentId']),
        name: row['name'] === null ? null : String(row['name']),
        headcount: Number(row['headcount']),
        directly: Number(row['directly']),
      })),
    }),
    ...(!missing.approvals && {
      approvals: (await rowsOf(APPROVALS, [corpId])).map((row) => ({
        processCode: String(row['processCode'] ?? ''),
        category: String(row['bizCategoryId'] ?? ''),
        decided: Number(row['decided']),
        refused: Number(row['refused']),
        medianMinutes: Number(row['medianMinutes']),
        p90Minutes: Number(row['p90Minutes']),
      })),
    }),
  }
}

const CORPORATIONS = `SELECT corpId, COUNT(*) AS headcount FROM employments
  WHERE leftOn IS NULL OR leftOn > DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) GROUP BY corpId
  UNION SELECT corpId, 0 FROM departments WHERE corpId NOT IN (SELECT corpId FROM employments)
  ORDER BY headcount DESC, corpId`
const CORPORATIONS_OF_APPROVALS = 'SELECT corpId, 0 AS headcount FROM approval_times GROUP BY corpId'
const DAYS = 'SELECT day, joiners, leavers, headcount FROM joiners_and_leavers WHERE corpId = ? ORDER BY day'
/** Those without people, too; and those that departments does not know, which have some. */
const DEPARTMENTS = `SELECT deptId, parentId, name, COALESCE(headcount, 0) AS headcount, COALESCE(directly, 0) AS directly
    FROM department_tree LEFT JOIN (SELECT corpId, deptId, headcount, directly FROM headcount_today) AS counted USING (corpId, deptId)
    WHERE corpId = ?
  UNION SELECT deptId, parentId, name, headcount, directly FROM headcount_today WHERE corpId = ?
  ORDER BY headcount DESC, deptId`
const APPROVALS = 'SELECT * FROM approval_times WHERE corpId = ? ORDER BY decided DESC, processCode'
