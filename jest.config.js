const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
}

/** @type {import('jest').Config} */
module.exports = {
  // the whole stack starts and stops, on machines that are slow at times
  testTimeout: 180_000,
  // jest would leave one of two cores idle
  maxWorkers: '100%',
  // npm run coverage: what is deployed, and what several of us use
  coverageProvider: 'v8',
  collectCoverageFrom: ['functions/**/*.ts', 'shared/**/*.ts', '!**/*.d.ts', '!shared/page/client/**'],
  coverageReporters: ['text', 'json-summary', 'lcovonly'],
  coverageThreshold: { global: { lines: 97, branches: 97 } },
  projects: ['unit', 'integration', 'e2e'].map((name) => ({
    displayName: name,
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    transform,
    ...(name === 'integration' && {
      globalSetup: '<rootDir>/test/support/globalSetup.ts',
      globalTeardown: '<rootDir>/test/support/globalTeardown.ts',
    }),
  })),
}
