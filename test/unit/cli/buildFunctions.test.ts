import fs from 'node:fs'
import path from 'node:path'
import { buildFunctions } from '../../../cli/buildFunctions'
import { temporaryFolder } from '../../support/temporaryFolder'

const folder = temporaryFolder()
const dist = path.join(folder, 'dist')
const certificates = path.join(folder, 'certs')
const bytesOf = (name: string) => fs.readFileSync(path.join(dist, name))

test('one bundle a function with its source map, the same bytes each time, and the CA beside employees', async () => {
  fs.mkdirSync(certificates)
  fs.writeFileSync(path.join(certificates, 'ca.pem'), 'a certificate')
  fs.writeFileSync(path.join(certificates, 'ca.key'), 'not for upload')
  await buildFunctions(dist, certificates)
  expect(fs.readdirSync(path.join(dist, 'webhook'))).toEqual(['index.js', 'index.js.map'])
  expect(fs.readdirSync(path.join(dist, 'employees'))).toEqual(['ca.pem', 'index.js', 'index.js.map'])

  const [webhook, employees] = [bytesOf('webhook/index.js'), bytesOf('employees/index.js')]
  fs.rmSync(dist, { recursive: true })
  await buildFunctions(dist, path.join(folder, 'nowhere'))
  expect(bytesOf('webhook/index.js').equals(webhook)).toBe(true)
  expect(bytesOf('employees/index.js').equals(employees)).toBe(true)
  expect(fs.readdirSync(path.join(dist, 'employees'))).not.toContain('ca.pem')
})
