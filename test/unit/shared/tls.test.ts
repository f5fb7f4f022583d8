import fs from 'node:fs'
import path from 'node:path'
import { rootCertificates } from 'node:tls'
import { readTls } from '../../../shared/tls'
import { temporaryFolder } from '../../support/temporaryFolder'

const NAME = 'rm-bp1.mysql.rds.aliyuncs.com'
const verified = { rejectUnauthorized: true, verifyIdentity: true }
const ca = rootCertificates[0] ?? ''
const folder = temporaryFolder()
fs.writeFileSync(path.join(folder, 'ca.pem'), ca)
fs.writeFileSync(path.join(folder, 'no-ca.pem'), 'hello')

test.each([
  ['10.1.2.3'],
  ['172.16.0.1'],
  ['172.31.255.255'],
  ['192.168.1.1'],
  ['100.64.0.1'],
  ['100.127.255.255'],
  ['127.0.0.1'],
  ['::1'],
  ['fd00::1'],
  ['::ffff:10.1.2.3'],
])('without MYSQL_SSL, a connection to the private address %s is not encrypted', (address) => {
  expect(readTls(undefined, NAME)(address)).toBeUndefined()
  expect(readTls(undefined, address)(address)).toBeUndefined()
})

test.each([['47.97.1.1'], ['172.32.0.1'], ['100.128.0.1'], ['2001:db8::1'], ['::ffff:47.97.1.1'], [undefined]])(
  'without MYSQL_SSL, a connection to %s is encrypted',
  (address) => {
    expect(readTls(undefined, NAME)(address)).toEqual(verified)
  },
)

test.each([
  ['off', undefined],
  ['required', verified],
  ['ca.pem', { ...verified, ca }],
  [path.join(folder, 'ca.pem'), { ...verified, ca }],
])('MYSQL_SSL=%s is so for any address; a file is looked for beside the code', (setting, expected) => {
  for (const address of ['10.1.2.3', '47.97.1.1']) expect(readTls(setting, NAME, folder)(address)).toEqual(expected)
})

test.each([['missing.pem'], ['no-ca.pem'], ['.'], ['REQUIRED']])('MYSQL_SSL=%s is a bad configuration', (setting) => {
  expect(() => readTls(setting, NAME, folder)).toThrow(
    'MYSQL_SSL: must be off, required, or the file of a CA certificate (PEM)',
  )
})

test.each([
  ['required', '10.1.2.3'],
  ['ca.pem', '10.1.2.3'],
  ['ca.pem', '2001:db8::1'],
  [undefined, '47.97.1.1'],
])('with MYSQL_SSL=%s the host may not be the bare address %s: no certificate names it', (setting, host) => {
  expect(() => readTls(setting, host, folder)).toThrow(/^MYSQL_HOST: must be a name/)
})
