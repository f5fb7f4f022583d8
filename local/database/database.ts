import type { SslOptions } from 'mysql2/promise'
import type { Environment } from '../../shared/config'

export interface DatabaseAddress {
  host: string
  port: number
  user: string
  password: string
  database: string
  /** how the connection is encrypted; absent when it is not */
  ssl?: SslOptions
}

export interface Database extends DatabaseAddress {
  /** For the progress line: "MariaDB 10.11.19 (private, 127.0.0.1:21234)", "MySQL 8.0.36 at 127.0.0.1:3306 (yours)". */
  description: string
  /** Stops a server that this stack started or adopted; does nothing to one named by MYSQL_*. Safe to call twice. */
  stop(): Promise<void>
}

export interface DatabaseOptions {
  /** The shell's variables and those of .env.local: MYSQL_HOST, _PORT, _USER, _PASSWORD, _DATABASE, _SSL; PATH; proxies. */
  env: Environment
  /** Whether a MYSQL_HOST that is not loopback may be used. */
  external: boolean
  /** All state of the private server: its data, password, port, pid and log. One stack at a time. */
  dataDir: string
  /** Where fetched packages are unpacked. Stacks share it. */
  packagesDir: string
  /** ends a download at once */
  stopping?: AbortSignal
  /** Takes a line about what takes long. */
  report(line: string): void
}
