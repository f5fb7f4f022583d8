import path from 'node:path'
import type { ServerProgram } from './serverProgram'

/**
 * What a private server is told both when its data directory is made and when it runs. `--no-defaults` must come first;
 * with it no option file of the machine has a say.
 */
export function commonArguments(program: ServerProgram, data: string): string[] {
  const base = path.join(path.dirname(program.binary), '..')
  return [
    '--no-defaults',
    dataDirArgument(data),
    // a folder of its own: a server that starts deletes what temporary tables it finds, another server's in /tmp included
    `--tmpdir=${path.dirname(data)}`,
    // Both refuse to run as root unless told to. Another user would need to reach the data directory, and a project
    // often lies in a home that is closed to others. The server listens on loopback only, with a password of its own.
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ...(program.flavour === 'MariaDB'
      ? [
          // from the base it derives where its messages and character sets are
          `--basedir=${base}`,
          // written in full when the directory is made: the default is ten times as much
          '--innodb-log-file-size=10M',
        ]
      : [
          // a second protocol, on a port of its own
          '--mysqlx=OFF',
          // by default a folder of the system's, which need not be there nor be ours
          '--secure-file-priv=NULL',
          ...(program.loader === undefined ? [] : unpackedPlaces(base)),
        ]),
    '--innodb-buffer-pool-size=64M',
  ]
}

/** Where MySQL is compiled to look is where its packages would be installed. */
function unpackedPlaces(base: string): string[] {
  return [`--basedir=${base}`, `--lc-messages-dir=${base}/share/mysql`, `--plugin-dir=${base}/lib/mysql/plugin`]
}

/** By this argument a running server is recognised as one of this data directory. */
export function dataDirArgument(data: string): string {
  return `--datadir=${data}`
}
