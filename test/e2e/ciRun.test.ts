import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { temporaryFolder } from '../support/temporaryFolder'
import { waitFor } from '../support/waitFor'

const folder = temporaryFolder()
const calls = path.join(folder, 'calls')

/**
 * An npm that notes its arguments and leaves two processes behind, as killed tests do: one in a session of its own that
 * names its folder, as a private database has it, and one in its own group.
 */
const NPM = `#!/bin/sh
echo "$@" >>'${calls}'
mkdir -p "$TMPDIR/data"
node -e 'require("child_process").spawn("sh", ["-c", "sleep 300; :", process.argv[1]], { detached: true, stdio: "ignore" }).unref()' \\
  "$TMPDIR/data"
sh -c 'sleep 300; :' '${folder}/in-its-group' &
echo "$TMPDIR" >'${folder}/tmpdir'
`

beforeEach(() => fs.rmSync(calls, { force: true }))

function run(rest: string): ChildProcess {
  fs.mkdirSync(path.join(folder, 'bin'), { recursive: true })
  fs.writeFileSync(path.join(folder, 'bin/npm'), `${NPM}${rest}\n`, { mode: 0o755 })
  return spawn(path.join(__dirname, '../../.ci/run'), {
    env: { PATH: `${folder}/bin:${process.env['PATH']}`, TMPDIR: folder },
    stdio: 'ignore',
  })
}

async function exitCode(child: ChildProcess): Promise<number> {
  const [code] = await once(child, 'exit')
  return code
}

const BENCH = 'run bench -- --quick'

/** The commands in their order; the benchmarks, which run beside others, at the end. */
const called = () => {
  const lines = fs.readFileSync(calls, 'utf8').trim().split('\n')
  return [...lines.filter((line) => line !== BENCH), ...lines.filter((line) => line === BENCH)]
}

function expectNothingLeft(): void {
  const tmpdir = fs.readFileSync(path.join(folder, 'tmpdir'), 'utf8').trim()
  expect(path.dirname(tmpdir)).toBe(folder)
  expect(fs.existsSync(tmpdir)).toBe(false)
  const listing = execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' }).split('\n')
  expect(listing.filter((line) => line.includes(tmpdir) || line.includes(`${folder}/in-its-group`))).toEqual([])
}

test.each<[string, string, number, string[]]>([
  ['all succeed', 'exit 0', 0, ['cit', 'run check', 'run test:mysql', BENCH]],
  ['the tests fail', 'exit 7', 7, ['cit']],
  ['the checks fail', '[ "$2" != check ] || exit 3', 3, ['cit', 'run check', BENCH]],
  ['the benchmarks fail', '[ "$2" != bench ] || exit 4', 4, ['cit', 'run check', 'run test:mysql', BENCH]],
  ['the tests on MySQL fail', '[ "$2" != test:mysql ] || exit 5', 5, ['cit', 'run check', 'run test:mysql', BENCH]],
])('%s', async (_, rest, code, commands) => {
  expect(await exitCode(run(rest))).toBe(code)
  expect(called()).toEqual(commands)
  expectNothingLeft()
})

test.each<[NodeJS.Signals, number]>([
  ['SIGTERM', 143],
  ['SIGINT', 130],
  ['SIGHUP', 129],
])('%s while the tests run ends it with %i, and the checks do not run', async (signal, code) => {
  const child = run(`touch "$TMPDIR/waiting"; mv "$TMPDIR/waiting" '${folder}'; sleep 298`)
  await waitFor(() => fs.existsSync(path.join(folder, 'waiting')))
  fs.rmSync(path.join(folder, 'waiting'))
  child.kill(signal)
  expect(await exitCode(child)).toBe(code)
  expect(called()).toEqual(['cit'])
  expectNothingLeft()
})
