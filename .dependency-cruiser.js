/** The rooms of emulator/, from the ground up: which of the others each may import. The files beside them import any. */
const ROOMS_OF_EMULATOR = {
  pattern: [],
  transform: [],
  store: [],
  targets: ['transform'],
  resources: ['pattern', 'targets', 'store'],
  api: ['resources', 'pattern', 'targets', 'store'],
  faults: ['api', 'targets'],
  delivery: ['resources', 'faults', 'targets', 'store'],
  config: ['api', 'resources', 'pattern', 'targets'],
  tracePage: ['api', 'resources', 'store'],
}

/**
 * Imports point one way: functions, emulator → shared; local → emulator, shared; cli → any of them.
 * Within local, stack/ puts the rooms together and imports them all; gateway/ answers HTTP for the functions of
 * functionHost/ and the account of project/; project/, functionHost/, database/ and sender/ know of no other room.
 * @type {import('dependency-cruiser').IConfiguration}
 */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(functions|emulator|local|cli|test)/' },
    },
    {
      name: 'no-function-imports-another',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^(functions/(?!$1/)|emulator/|local/|cli/|test/)' },
    },
    {
      name: 'emulator-imports-only-shared',
      severity: 'error',
      from: { path: '^emulator/' },
      to: { path: '^(functions|local|cli|test)/' },
    },
    {
      name: 'emulator-has-one-door',
      comment: 'Whoever uses the emulator imports emulator/index.ts; the rest is its own business. Tests look inside.',
      severity: 'error',
      from: { pathNot: '^(emulator|test)/' },
      to: { path: '^emulator/(?!index\\.ts$)' },
    },
    {
      name: 'emulator-door-opens-outwards',
      comment: 'Within the emulator nobody comes through the door, nor asks for the emulator as a whole.',
      severity: 'error',
      from: { path: '^emulator/(?!index\\.ts$)' },
      to: { path: '^emulator/(index|eventBridge)\\.ts$' },
    },
    ...Object.entries(ROOMS_OF_EMULATOR).map(([room, others]) => ({
      name: `emulator-${room}-imports-${others.length > 0 ? `only-${others.join('-')}` : 'no-other-room'}`,
      severity: 'error',
      from: { path: `^emulator/${room}/` },
      to: { path: `^emulator/(?!(${[room, ...others].join('|')})/)` },
    })),
    {
      name: 'emulator-has-no-other-room',
      comment: 'A new one is named in ROOMS_OF_EMULATOR, with what it may import.',
      severity: 'error',
      from: { path: `^emulator/(?!(${Object.keys(ROOMS_OF_EMULATOR).join('|')})/)[^/]+/` },
      to: {},
    },
    {
      name: 'local-imports-emulator-and-shared',
      severity: 'error',
      from: { path: '^local/' },
      to: { path: '^(functions|cli|test)/' },
    },
    {
      name: 'rooms-of-local-that-know-no-other',
      comment: "What is read of the user's files, what runs a function, a database, a sender: each stands by itself.",
      severity: 'error',
      from: { path: '^local/(project|functionHost|database|sender)/' },
      to: { path: '^local/(?!$1/)' },
    },
    {
      name: 'gateway-imports-functionHost-and-project',
      comment: 'It answers HTTP for functions. Who invokes them besides, and what stores their rows, is for the stack.',
      severity: 'error',
      from: { path: '^local/gateway/' },
      to: { path: '^local/(?!(gateway|functionHost|project)/)' },
    },
    {
      name: 'nothing-lies-loose-in-local',
      comment: 'A file of local is in a room; another room has a rule here.',
      severity: 'error',
      from: { path: '^local/(?!(stack|gateway|project|functionHost|database|sender)/)' },
      to: {},
    },
    { name: 'nothing-imports-tests', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'functions-ship-only-dependencies',
      comment: 'What is bundled and deployed is a dependency, not a development dependency.',
      severity: 'error',
      from: { path: '^(functions|shared/(?!mapping/|yaml.ts))' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: ['\\.d\\.ts$', '^functions/[^/]+/index\\.ts$', '^cli/', '^bench/'] },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.d.ts'] },
  },
}
