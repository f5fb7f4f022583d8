import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** An empty folder that is gone after the file's tests. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingtalk-eventbridge-'))
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}
