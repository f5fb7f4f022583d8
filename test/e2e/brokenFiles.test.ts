import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { freePort } from '../../shared/freePort'
import { PROJECT } from '../support/documents'
import { copyProject } from '../support/projectCopy'
import { commandFile } from '../support/startProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const FILES = ['cli', 'emulator', 'functions', 'local', 'shared', 'package.json', 'tsconfig.json']
const YAML = ['eventbridge.yaml', 'mapping.yaml', 's.yaml']
/** A copy of this project, whose files can be broken. */
const copy = path.join(temporaryFolder(), 'project')

beforeAll(() => {
  copyProject(copy, FILES)
})

beforeEach(() => {
  fs.rmSync(path.join(copy, '.local'), { recursive: true, force: true })
  for (const name of YAML) fs.cpSync(path.join(PROJECT, name), path.join(copy, name))
})

const edit = (name: string, change: (text: string) => string) => () => {
  const file = path.join(copy, name)
  fs.writeFileSync(file, change(fs.readFileSync(file, 'utf8')))
}
const remove = (name: string) => () => fs.rmSync(path.join(copy, name))
const misspell = edit('mapping.yaml', (text) => text.replace('slot: 1\n', 'slto: 1\n'))

test.each<[string, string, () => void, RegExp]>([
  ['build', 'mapping.yaml with a misspelt word', misspell, /^(mapping\.yaml:\d+:\d+ columns\.active.*\n)+$/],
  ['start', 'mapping.yaml with a misspelt word', misspell, /^(mapping\.yaml:\d+:\d+ columns\.active.*\n)+$/],
  ['build', 'no mapping.yaml', remove('mapping.yaml'), /^mapping\.yaml cannot be read \(ENOENT\)\. Put one there.*\n$/],
  ['start', 'no mapping.yaml', remove('mapping.yaml'), /^mapping\.yaml cannot be read \(ENOENT\)\. Put one there.*\n$/],
  ['start', 'no s.yaml', remove('s.yaml'), /^s\.yaml cannot be read \(ENOENT\)\. Put one there.*\n$/],
  ['start', 'no eventbridge.yaml', remove('eventbridge.yaml'), /eventbridge\.yaml cannot be read \(ENOENT\)\. .*\n$/],
  ['start', 'a broken s.yaml', edit('s.yaml', (text) => `${text}\n  x: [`), /^s\.yaml: .* at line \d+, column \d+\n$/],
  [
    'start',
    'a broken eventbridge.yaml',
    edit('eventbridge.yaml', (text) => `${text}\n  x: [`),
    /eventbridge\.yaml:\d+:\d+ .*\n$/,
  ],
  [
    'start',
    'a file in the place of .local',
    () => {
      fs.writeFileSync(path.join(copy, '.local'), '')
    },
    /\.local cannot be used/,
  ],
])('npm run %s, %s: what is wrong and where, and no stack trace', async (command, _, breakIt, message) => {
  breakIt()
  const env = { PATH: process.env['PATH'], PORT: String(await freePort()) }
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', commandFile(command)], {
    cwd: copy,
    env,
    encoding: 'utf8',
  })
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/^\s+at /m)
  expect(status).toBe(1)
})
