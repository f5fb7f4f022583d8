/** The rooms of emulator/, from the ground up: which of the others each may import. The files beside them import any. */
const ROOMS_OF_EMULATOR = {
  pattern: [],
  transform: [],
  store: [],
  signing: [],
  targets: ['transform'],
  resources: ['pattern', 'targets', 'store'],
  api: ['resources', 'pattern', 'targets', 'schedule', 'store'],
  pop: ['api', 'resources', 'targets'],
  schedule: ['resources', 'store'],
  faults: ['api', 'targets'],
  queues: ['store'],
  delivery: ['resources', 'faults', 'targets', 'store'],
  config: ['api', 'resources', 'pattern', 'targets'],
  tracePage: ['api', 'resources', 'store', 'pattern', 'transform'],
}

/** What bench/ and mutation/ install themselves when they run: in a fresh clone it is not there yet. */
const PACKAGES_OF_BENCH = Object.keys(require('./bench/package.json').dependencies)
const PACKAGES_OF_MUTATION = Object.keys(require('./mutation/package.json').dependencies)

/** No module of `from` may import one of `to`; each is a path's pattern, or what else dependency-cruiser matches by. */
function rule(name, from, to, comment) {
  const matching = (what) => (typeof what === 'string' ? { path: what } : what)
  return { name, ...(comment && { comment }), severity: 'error', from: matching(from), to: matching(to) }
}

/**
 * Imports point one way: functions, emulator → shared; local → emulator, shared; cli → any of them.
 * Within local, stack/ puts the rooms together and imports them all; gateway/ answers HTTP for the functions of
 * functionHost/ and the account of project/; dingtalk/ sends by sender/; organisation/ draws what is in database/; project/,
 * functionHost/, database/ and sender/ know of no other room.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    rule('no-cycles', {}, { circular: true }),
    rule('shared-imports-nothing-of-ours', '^shared/', '^(functions|emulator|local|cli|test)/'),
    rule('no-function-imports-another', '^functions/([^/]+)/', '^(functions/(?!$1/)|emulator/|local/|cli/|test/)'),
    rule('emulator-imports-only-shared', '^emulator/', '^(functions|local|cli|test)/'),
    rule(
      'emulator-has-one-door',
      { pathNot: '^(emulator|test)/' },
      '^emulator/(?!index\\.ts$)',
      'Whoever uses the emulator imports emulator/index.ts; the rest is its own business. Tests look inside.',
    ),
    rule(
      'emulator-door-opens-outwards',
      '^emulator/(?!(index|main|bin)\\.ts$|standalone/)',
      '^emulator/(index|main|bin|eventBridge)\\.ts$|^emulator/standalone/',
      'Within the emulator nobody comes through the door, nor asks for the emulator as a whole.',
    ),
    ...Object.entries(ROOMS_OF_EMULATOR).map(([room, others]) =>
      rule(
        `emulator-${room}-imports-${others.length > 0 ? `only-${others.join('-')}` : 'no-other-room'}`,
        `^emulator/${room}/`,
        `^emulator/(?!(${[room, ...others].join('|')})/)`,
      ),
    ),
    rule(
      'emulator-has-no-other-room',
      `^emulator/(?!(${[...Object.keys(ROOMS_OF_EMULATOR), 'standalone'].join('|')})/)[^/]+/`,
      {},
      'A new one is named in ROOMS_OF_EMULATOR, with what it may import.',
    ),
    rule('local-imports-emulator-and-shared', '^local/', '^(functions|cli|test)/'),
    rule(
      'rooms-of-local-that-know-no-other',
      '^local/(project|functionHost|database|sender)/',
      '^local/(?!$1/)',
      "What is read of the user's files, what runs a function, a database, a sender: each stands by itself.",
    ),
    rule(
      'gateway-imports-functionHost-and-project',
      '^local/gateway/',
      '^local/(?!(gateway|functionHost|project)/)',
      'It answers HTTP for functions. Who invokes them besides, and what stores their rows, is for the stack.',
    ),
    rule(
      'dingtalk-imports-sender',
      '^local/dingtalk/',
      '^(emulator/|local/(?!(dingtalk|sender)/))',
      'It knows how its callbacks are sent. Where they go, and where it is mounted, is for the stack.',
    ),
    rule(
      'organisation-imports-database',
      '^local/organisation/',
      '^(emulator/|local/(?!(organisation|database)/))',
      'A page that draws views. Where it is mounted is for the stack.',
    ),
    rule(
      'nothing-lies-loose-in-local',
      '^local/(?!(stack|gateway|project|functionHost|database|sender|dingtalk|organisation)/)',
      {},
      'A file of local is in a room; another room has a rule here.',
    ),
    rule('examples-import-shared', '^examples/', '^(functions|emulator|local|cli|test)/'),
    rule('tests-alone-import-chaos', { pathNot: '^(chaos|test)/' }, '^chaos/'),
    rule('nothing-imports-fuzz', { pathNot: '^(fuzz|test)/' }, '^fuzz/'),
    rule('fuzz-looks-from-outside', '^fuzz/', '^(functions|bench|test)/'),
    rule('mutation-stands-by-itself', '^mutation/', '^(functions|emulator|local|bench|test)/', 'It runs Stryker.'),
    rule('nothing-imports-tests', { pathNot: '^test/' }, '^test/'),
    rule(
      'functions-ship-only-dependencies',
      '^(functions|shared/(?!mapping/|page/|yaml.ts|bundle.ts))',
      { dependencyTypes: ['npm-dev'] },
      'What is bundled and deployed is a dependency, not a development dependency.',
    ),
    rule('resolvable', { pathNot: '^(bench|mutation)/' }, { couldNotResolve: true }),
    rule(
      'resolvable-in-bench',
      '^bench/',
      { couldNotResolve: true, pathNot: `^(${PACKAGES_OF_BENCH.join('|')})$` },
      'Of bench/package.json, or here.',
    ),
    rule(
      'resolvable-in-mutation',
      '^mutation/',
      { couldNotResolve: true, pathNot: `^(${PACKAGES_OF_MUTATION.join('|')})$` },
      'Of mutation/package.json, or here.',
    ),
    rule(
      'no-orphans',
      {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '^functions/[^/]+/index\\.ts$', '^cli/', '^bench/', '^mutation/', '^examples/'],
      },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // what is built of the rest, and what a user of that would write
    exclude: '^emulator/((dist|examples)/|index\\.d\\.ts)',
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.d.ts'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
