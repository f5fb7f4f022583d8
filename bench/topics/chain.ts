import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { type DatabaseAddress, mysqlVariables } from '../../local/database/database'
import { freePort } from '../../shared/freePort'
import { median, type Running, resultOf, startProcess, usageOf } from '../harness/measure'
import type { Bench, Topic } from '../topic'

const CONNECTIONS = 50
const FLOOR = 'the same way, with nothing done on it'
const project = path.join(__dirname, '../..')

interface Contestant {
  name: string
  isOurs: boolean
  /** of its rows */
  table: string
  url: string
  running: Running
}

interface Load {
  eventsPerS: number
  cpuMs: number
  p50: number
  p99: number
}

/** From 50 connections at once, from the first request to the last row. */
export const chain: Topic = {
  name: 'chain',
  async measure(bench) {
    const { quick, rounds, report } = bench
    const events = quick ? 200 : 8_000
    const address = await bench.database()
    const { host, port, user, password, database } = address
    const connection = await mysql.createConnection({ host, port, user, password, database })
    const contestants: Contestant[] = []
    try {
      contestants.push(await startPeer('express 5 + mysql2', 'expressMysql.mjs', 'express_users', address, connection))
      contestants.push(await startStack('npm start', bench, address, 'Object'))
      contestants.push(await startStack('npm start, arrays (ObjectList)', bench, address, 'ObjectList'))
      const file = path.join(bench.folder, 'bare.sqlite')
      contestants.push(await startPeer(FLOOR, 'bareChain.mjs', 'bare_users', address, connection, [file]))
      const loads = new Map<Contestant, Load[]>(contestants.map((contestant) => [contestant, []]))
      for (let round = 0; round <= rounds; round++) {
        for (const [index, contestant] of contestants.entries()) {
          const load = await loadOnce(contestant, connection, `ding-${round}`, round === 0 ? events / 4 : events)
          // the first one warms up
          if (round > 0) loads.get(contestant)?.push(load)
          report((round * contestants.length + index + 1) / ((rounds + 1) * contestants.length))
        }
      }
      const rows = contestants.map((contestant) => {
        const of = (figure: keyof Load) => median((loads.get(contestant) ?? []).map((load) => load[figure]))
        return { contestant, ...{ eventsPerS: of('eventsPerS'), cpuMs: of('cpuMs'), p50: of('p50'), p99: of('p99') } }
      })
      const express = rows[0]?.eventsPerS ?? Number.NaN
      const [, object, list] = rows.map(({ eventsPerS: ours }) => ({
        measured: ours / express,
        ratioOf: { ours, peer: express, unit: 'events/s' },
      }))
      const peak = usageOf(contestants[1]?.running.pid ?? 0).peakRssMb
      return {
        title: 'The chain',
        text:
          `${events} events from ${CONNECTIONS} connections, each another person's, from the first POST to the last committed row.` +
          ' The last row is the floor: through the same threads, HTTP and files, each of them taking one event at a time, but' +
          ' nothing is checked, signed, matched, mapped, logged or traced.',
        head: ['', 'events/s', '÷ express', 'CPU ms/event', 'p50 ms of the answer', 'p99 ms', 'peak MB'],
        rows: rows.map(({ contestant: { name, isOurs, running }, eventsPerS, cpuMs, p50, p99 }) => ({
          ...{ name, isOurs },
          cells: [eventsPerS, eventsPerS / express, cpuMs, p50, p99, usageOf(running.pid).peakRssMb],
        })),
        goals: [
          { what: 'npm start ÷ express + mysql2', atLeast: 1, measured: Number.NaN, ...object },
          { what: 'with arrays ÷ express + mysql2', atLeast: 2, measured: Number.NaN, ...list },
          { what: 'memory of npm start', atMost: 300, measured: peak, unit: 'MB' },
        ],
      }
    } finally {
      for (const { running } of contestants) await running.stop()
      await connection.end()
    }
  },
}

/** A program of peers/, with a table of its own. */
async function startPeer(
  name: string,
  file: string,
  table: string,
  address: DatabaseAddress,
  connection: Connection,
  args: string[] = [],
): Promise<Contestant> {
  await connection.query(`CREATE TABLE IF NOT EXISTS ${table} (
    corpId VARCHAR(64) NOT NULL, userId VARCHAR(64) NOT NULL, name VARCHAR(255), dingId VARCHAR(255), active BOOLEAN,
    isAdmin BOOLEAN, isBoss BOOLEAN, isSenior BOOLEAN, isHide BOOLEAN, orderInDepts TEXT, isLeaderInDepts TEXT,
    department TEXT, eventTime DATETIME(3), PRIMARY KEY (corpId, userId)
  ) CHARACTER SET utf8mb4`)
  const env = { PATH: process.env['PATH'], NODE_ENV: 'production', ...mysqlVariables(address) }
  const running = await startProcess(
    process.execPath,
    [path.join(__dirname, '../peers', file), ...args],
    /ready on (\d+)/,
    { env },
  )
  const url = `http://127.0.0.1:${running.ready[1]}/webhook/putEvents`
  return { name, isOurs: false, table, url, running }
}

/** On the same server, in a database of its own. */
async function startStack(
  name: string,
  { folder }: Bench,
  address: DatabaseAddress,
  dataFormat: 'Object' | 'ObjectList',
): Promise<Contestant> {
  const config = path.join(folder, `${dataFormat}.yaml`)
  const text = fs.readFileSync(path.join(project, 'eventbridge.yaml'), 'utf8')
  fs.writeFileSync(config, text.replaceAll('Value: Object }', `Value: ${dataFormat} }`))
  const env = {
    ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], ...mysqlVariables(address) },
    ...{ LOCAL_DIR: path.join(folder, `local-${dataFormat}`), PORT: String(await freePort()) },
  }
  const args = ['--require', './cli/withPackages.cjs', 'cli/start.ts', '--config', config]
  const running = await startProcess(process.execPath, args, /Ready in .*Webhook: (\S+)/, { cwd: project, env })
  return { name, isOurs: true, table: 'user_info', url: running.ready[1] ?? '', running }
}

async function loadOnce(
  { name, table, url, running }: Contestant,
  connection: Connection,
  round: string,
  events: number,
): Promise<Load> {
  const corpId = `${round}-${name}`.replace(/[^A-Za-z0-9-]/g, '')
  const before = usageOf(running.pid).cpuMs
  const posting = resultOf<Posted>(path.join(__dirname, '../harness/post.mjs'), [
    url,
    corpId,
    String(events),
    String(CONNECTIONS),
  ])
  const [posted, storedAt] = await Promise.all([posting, whenStored(connection, table, corpId, events)])
  if (posted.refused + posted.errors > 0)
    throw new Error(`${name} refused ${posted.refused}, and ${posted.errors} failed`)
  const seconds = (Math.max(posted.ended, storedAt) - posted.began) / 1000
  const cpuMs = (usageOf(running.pid).cpuMs - before) / events
  return { eventsPerS: events / seconds, cpuMs, p50: posted.p50, p99: posted.p99 }
}

/** What post.mjs prints; times in milliseconds. */
interface Posted {
  began: number
  ended: number
  p50: number
  p99: number
  refused: number
  errors: number
}

async function whenStored(connection: Connection, table: string, corpId: string, events: number): Promise<number> {
  for (;;) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT count(*) AS stored FROM ${table} WHERE corpId = ?`,
      [corpId],
    )
    if (row?.['stored'] >= events) return Date.now()
    await sleep(20)
  }
}
