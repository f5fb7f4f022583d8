import path from 'node:path'
import type { ServerProgram } from './serverProgram'

/**
 * What a private server is told both when its data directory is made and when it runs. `--no-defaults` must come first;
 * with it no option file of the machine has a say.
 */
export function commonArguments(program: ServerProgram, data: string): string[] {
  return [
    '--no-defaults',
    dataDirArgument(data),
    // Both refuse to run as root unless told to. Another user would need to reach the data directory, and a project
    // often lies in a home that is closed to others. The server listens on loopback only, with a password of its own.
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    // MariaDB derives its messages, character sets and plugins from the base; MySQL finds the base by itself.
    ...(program.flavour === 'MariaDB' ? [`--basedir=${path.join(path.dirname(program.binary), '..')}`] : []),
    // The smallest log that MariaDB and InnoDB need: it is written in full when the directory is made.
    ...(program.flavour === 'MariaDB' ? ['--innodb-log-file-size=10M'] : ['--mysqlx=OFF']),
    '--innodb-buffer-pool-size=64M',
  ]
}

/** By this argument a running server is recognised as one of this data directory. */
export function dataDirArgument(data: string): string {
  return `--datadir=${data}`
}
