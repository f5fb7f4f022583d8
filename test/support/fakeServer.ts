import fs from 'node:fs'
import path from 'node:path'

/** A program that answers --version with the line and refuses everything else, as a server does that may not run here. */
export function fakeServer(file: string, versionLine: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const script = [
    '#!/bin/sh',
    `[ "$2" = --version ] && { echo "${versionLine}"; exit; }`,
    'echo "2026-11-24  3:00:00 0 [ERROR] mysqld: Permission denied" >&2',
    'echo "2026-11-24  3:00:00 0 [ERROR] Aborting" >&2',
    'exit 1',
    '',
  ]
  fs.writeFileSync(file, script.join('\n'), { mode: 0o755 })
  return file
}
