import fs from 'node:fs'
import path from 'node:path'
import { PROJECT } from '../../support/documents'

/** They look whether something has happened, again and again, and go on at once when it has. */
const POLLS = ['support/waitFor.ts', 'mysql/endProcessesOf.ts']

/** What waits for a time that somebody has guessed: too short on a slow machine, and lost on a fast one. */
const SLEEPS = [
  // a turn of the event loop, which has no time, is none: setTimeout(resolve)
  /\bnew Promise\b[^;]*?\bsetTimeout\(\s*(?:\(\)\s*=>\s*)?\w+(?:\(\w*\))?\s*,/,
  /\bpromisify\(\s*(?:timers\.)?setTimeout\s*\)/,
  /\b(?:timersPromises|timers\.promises|promises)\.setTimeout\(/,
  /\bscheduler\.wait\(/,
  /\bAtomics\.wait\(/,
  /\b(?:exec|execFile|spawn)Sync\(\s*['"`](?:\/bin\/)?sleep\b/,
  /\bawait\s+(?:exec|execFile)\w*\(\s*['"`](?:\/bin\/)?sleep\b/,
  /\bwaitForTimeout\(/,
]

/** How a file calls what it imports from node:timers/promises, e.g. `import { setTimeout as sleep }`. */
const IMPORTED = /import \{[^}]*\bsetTimeout(?: as (\w+))?[^}]*\} from '(?:node:)?timers\/promises'/

function sleepsIn(text: string): string[] {
  const source = text.replace(/^\s*(\/\/|\*).*$/gm, '')
  const [imported, as = 'setTimeout'] = IMPORTED.exec(source) ?? []
  const patterns = imported === undefined ? SLEEPS : [...SLEEPS, new RegExp(`(?:\\bawait|\\breturn|=>)\\s+${as}\\(`)]
  return patterns.flatMap((pattern) => new RegExp(pattern, 'g').exec(source)?.[0] ?? [])
}

test.each([
  'await new Promise((resolve) => setTimeout(resolve, 500))',
  'await new Promise<void>((done) => {\n  setTimeout(done, PAUSE_MS)\n})',
  'await new Promise((resolve) => setTimeout(() => resolve(), 500))',
  'const sleep = promisify(setTimeout)',
  "import { setTimeout as sleep } from 'node:timers/promises'\nawait sleep(500)",
  "import { setTimeout } from 'timers/promises'\nconst pause = () => setTimeout(500)",
  "import timersPromises from 'node:timers/promises'\nawait timersPromises.setTimeout(500)",
  'await scheduler.wait(500)',
  'Atomics.wait(cell, 0, 0, 500)',
  "execFileSync('sleep', ['1'])",
  "await exec('sleep 1')",
  'await page.waitForTimeout(500)',
])('that sleeps: %j', (source) => {
  expect(sleepsIn(source)).not.toEqual([])
})

test.each([
  // the turn of an event loop
  'await new Promise((resolve) => setTimeout(resolve))',
  // a limit of what is waited for, which ends it
  'const timer = setTimeout(() => child.kill(), 60_000)',
  // a clock of the test's own
  'const timer = setTimeout(callback, ms / SHARE)',
  // a process that is to be there when the test ends it
  "const child = spawn('sleep', ['600'])",
  // words about it
  '// what promisify(setTimeout) takes',
  // what the code under test sleeps by
  "import { setTimeout as sleep } from 'node:timers/promises'\ncreateEventBridgeApi(url, accessKey, sleep)",
])('that does not: %j', (source) => {
  expect(sleepsIn(source)).toEqual([])
})

const tests = path.join(PROJECT, 'test')
const files = fs
  .readdirSync(tests, { recursive: true, encoding: 'utf8' })
  .filter(
    (file) => /\.([cm]?js|tsx?)$/.test(file) && !POLLS.includes(file) && path.basename(file) !== 'noSleeps.test.ts',
  )

test('no test sleeps for a fixed time: it waits for what it needs, with waitFor() or by a clock that it turns', () => {
  const sleeping = files.flatMap((file) => {
    return sleepsIn(fs.readFileSync(path.join(tests, file), 'utf8')).map((what) => `${file}: ${what}`)
  })
  expect(sleeping).toEqual([])
  expect(files.length).toBeGreaterThan(100)
})
