import fs from 'node:fs'
import path from 'node:path'
import { endOf, startProcess } from '../support/startProcess'
import { temporaryFolder } from '../support/temporaryFolder'

const folder = temporaryFolder()
// what a soak makes lies there, too, and goes with it
const environment = { HOME: process.env['HOME'], TMPDIR: folder }

const soak = (args: string[], variables: Record<string, string> = {}) =>
  endOf(
    startProcess([process.execPath, '--require', './cli/withPackages.cjs', 'soak/index.ts', ...args], {
      ...environment,
      ...variables,
    }),
  )

test('a soak of some seconds: everything is accepted and delivered, nothing grows, and nothing is left behind', async () => {
  const { code, output } = await soak(['--minutes', '0.15'])
  expect(output).toMatch(/^It bears \d+ events a second; now \d+ a second from 50 connections\.$/m)
  expect(output).toMatch(/^ {2}stack: open files +.* flat$/m)
  expect(output).toMatch(/^ {2}database: sockets +.* flat$/m)
  expect(output).toMatch(/^[1-9]\d* events accepted, .*; (none had to be sent again|sent again after .*)$/m)
  expect([code, output.trimEnd().split('\n').at(-1)]).toEqual([0, 'nothing grows'])
  expect(fs.readdirSync(folder).filter((name) => name.includes('soak'))).toEqual([])
})

test('a stack that keeps files open is found, and the exit code is 1', async () => {
  const leak = path.join(folder, 'leak.cjs')
  fs.writeFileSync(
    leak,
    `const { openSync } = require('node:fs')
     if (process.argv[1]?.endsWith('cli/start.ts')) setInterval(() => openSync('/dev/null'), 100).unref()`,
  )
  const { code, output } = await soak(['--minutes', '0.15'], { NODE_OPTIONS: `--require ${leak}` })
  expect(output).toMatch(/^What grows: stack: open files\.$/m)
  expect(output).not.toContain('nothing grows')
  expect(code).toBe(1)
})

test.each([['0'], ['a'], ['-1'], ['99999']])('--minutes %s is refused in a line', async (minutes) => {
  const { code, output } = await soak([`--minutes=${minutes}`])
  expect([code, output]).toEqual([1, '--minutes takes a number of minutes, such as 15 or 0.5\n'])
})

test('a stack that ends under load is told of by its last words', async () => {
  const end = path.join(folder, 'end.cjs')
  fs.writeFileSync(
    end,
    `if (process.argv[1]?.endsWith('cli/start.ts')) setTimeout(() => {
       console.error('planted end')
       process.exit(3)
     }, 15_000)`,
  )
  const { code, output } = await soak(['--minutes', '5'], { NODE_OPTIONS: `--require ${end}` })
  expect(output).toMatch(/^npm start ended:\n(.*\n)*planted end$/m)
  expect(output).not.toMatch(/^ {4}at /m)
  expect(code).toBe(1)
  // nor does its database go on
  const commands = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf)
  expect(commands.filter((command) => command.includes(`${folder}/`) && command.includes('--datadir'))).toEqual([])
})

function commandOf(pid: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}
