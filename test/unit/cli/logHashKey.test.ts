import fs from 'node:fs'
import path from 'node:path'
import { localLogHashKey, readLogHashKey } from '../../../cli/logHashKey'
import { writeEnvFile } from '../../../shared/envFile'
import { UserError } from '../../../shared/userError'
import { temporaryFolder } from '../../support/temporaryFolder'

const project = temporaryFolder()
const [ofShell, ofFile] = ['the key of the shell', 'the key of the file']

test.each<[string, string, Record<string, string>, string | undefined]>([
  ['neither', '', {}, undefined],
  ['.env.local', `LOG_HASH_KEY=${ofFile}`, {}, ofFile],
  ['the shell, which goes first', `LOG_HASH_KEY=${ofFile}`, { LOG_HASH_KEY: ofShell }, ofShell],
])('the local stack’s key, of %s', (_, file, shell, key) => {
  fs.writeFileSync(path.join(project, '.env.local'), file)
  expect(localLogHashKey(project, shell)).toBe(key)
})

test('a stack that runs has one of its own start', () => {
  const localDir = path.join(project, 'stack')
  fs.mkdirSync(localDir)
  writeEnvFile(path.join(localDir, 'env'), { LOG_HASH_KEY: 'the key of the stack' })
  fs.writeFileSync(path.join(project, '.env.local'), `LOG_HASH_KEY=${ofFile}`)
  expect(localLogHashKey(project, { LOCAL_DIR: localDir })).toBe('the key of the stack')
  expect(localLogHashKey(project, { LOCAL_DIR: localDir, LOG_HASH_KEY: ofShell })).toBe(ofShell)
})

test('a key that the functions would refuse is refused, and not printed', () => {
  const read = () => readLogHashKey({ LOG_HASH_KEY: 'too-short' })
  expect(read).toThrow(UserError)
  expect(read).toThrow(/^LOG_HASH_KEY: must have at least 16 characters$/)
})
