import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * An empty folder that is gone after the file's tests.
 * @param endFirst ends what runs in it. An `afterAll` of the file's own comes later: MySQL whose data are gone does not end
 * until it is killed.
 */
export function temporaryFolder(endFirst: () => unknown = () => {}): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dingtalk-eventbridge-'))
  afterAll(async () => {
    try {
      await endFirst()
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  })
  return folder
}
