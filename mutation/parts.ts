import fs from 'node:fs'
import path from 'node:path'
import { UserError } from '../shared/userError'

/** What is changed, each in a run of its own, and the tests that should notice: a folder or a file of test each. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'functions/webhook': ['unit/webhook', 'unit/dropFields'],
  'functions/enrich': ['unit/enrich', 'unit/reconcile/handlers'],
  'functions/reconcile': ['unit/reconcile'],
  // what the SQL comes to, only a database knows; histories that are drawn by chance take too long to try each change on
  'functions/employees': [
    ...['unit/employees', 'unit/mapping'],
    ...['departments', 'hostileRosters', 'repository', 'rightRows', 'roster', 'severalTables'].map(
      (name) => `integration/employees/${name}`,
    ),
  ],
  'functions/employees/maintenance': ['unit/employees', 'integration/maintenance'],
  'shared/mapping': [
    ...['unit/mapping', 'unit/employees', 'unit/cli/map', 'unit/dropFields'],
    // and the quick ones of migrate that start no processes
    ...['articleTable', 'longComments', 'refusedTypes', 'renamed', 'severalTables', 'slots', 'uniqueIndexes'].map(
      (name) => `integration/migrate/${name}`,
    ),
  ],
  'shared/mapping/firstFormat.ts': ['unit/mapping', 'integration/migrate/firstFormat'],
  'shared/dingtalk': ['dingtalk', 'loopbackDingTalk', 'enrich', 'reconcile', 'webhook/callback', 'webhook/attacks'].map(
    (name) => `unit/${name}`,
  ),
  'shared/eventbridge': ['shared', 'webhook', 'enrich', 'reconcile', 'sender', 'cli/replay'].map(
    (name) => `unit/${name}`,
  ),
  // dropFields/findCuts looks through long hostile texts, which takes too long to try each change on
  shared: [
    ...['shared', 'fc', 'sender', 'cli/send'],
    ...['compileFields', 'encodedText', 'fieldNames', 'texts', 'variable'].map((name) => `dropFields/${name}`),
  ].map((name) => `unit/${name}`),
  'emulator/pattern': ['unit/emulator/compilePattern', 'unit/emulator/compileRules'],
  'emulator/delivery': [
    ...[
      'dispatcher',
      'storeCalls',
      'lane',
      'underWay',
      'changeTeller',
      'busToBus',
      'robotBurst',
      'severalBuses',
      'retrySchedule',
    ],
    'standalone/startEventBridge',
  ].map((name) => `unit/emulator/${name}`),
}

export const partNames = Object.keys(PARTS)

export interface Part {
  /** a folder or a file, from the project on */
  mutate: string
  /** what of it is a part itself */
  without: readonly string[]
  tests: readonly string[]
}

/** @throws UserError */
export function partNamed(name: string, root: string): Part {
  const mutate = path.relative(root, path.resolve(name)).split(path.sep).join('/')
  // shared/mapping/version.ts is of shared/mapping and not of shared
  const [part] = partNames.filter((folder) => isIn(mutate, folder)).sort((a, b) => b.length - a.length)
  const tests = part === undefined ? undefined : PARTS[part]
  if (tests === undefined || !fs.existsSync(path.join(root, mutate))) {
    throw new UserError(`There is no ${name} to change. There are, and what is in them: ${partNames.join(', ')}`)
  }
  return { mutate, without: partNames.filter((folder) => folder !== mutate && isIn(folder, mutate)), tests }
}

function isIn(name: string, folder: string): boolean {
  return name === folder || name.startsWith(`${folder}/`)
}
