import path from 'node:path'

/** The files of a private server. */
export interface PrivateFiles {
  folder: string
  /** the server's own data directory; it is there only when it is complete */
  data: string
  pid: string
  log: string
  settings: string
  /** SQL that makes the accounts, there until a server has run it */
  accounts: string
}

export function privateFiles(dataDir: string): PrivateFiles {
  const folder = path.resolve(dataDir)
  return {
    folder,
    data: path.join(folder, 'data'),
    pid: path.join(folder, 'server.pid'),
    log: path.join(folder, 'server.log'),
    settings: path.join(folder, 'settings.json'),
    accounts: path.join(folder, 'accounts.sql'),
  }
}
