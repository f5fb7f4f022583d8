import fs from 'node:fs'
import path from 'node:path'
import { lastError } from '../../../local/database/serverProcess'
import { temporaryFolder } from '../../support/temporaryFolder'

const file = path.join(temporaryFolder(), 'server.log')

test.each([
  [
    'the last error, not what follows from it',
    '0 [ERROR] first\n0 [ERROR] Bind on TCP/IP port. Got error: 98\n0 [Note] InnoDB: Shutdown\n0 [ERROR] Aborting\n',
    '0 [ERROR] Bind on TCP/IP port. Got error: 98',
  ],
  ['the last line when there is no error', 'loading\nlibaio.so.1: cannot open\n\n', 'libaio.so.1: cannot open'],
  ['that there is nothing', '', 'it wrote no log'],
])('tells %s', async (_, log, expected) => {
  fs.writeFileSync(file, log)
  expect(await lastError(file)).toBe(expected)
})

test('a log that is not there is no error of its own', async () => {
  expect(await lastError(`${file}.none`)).toBe('it wrote no log')
})
