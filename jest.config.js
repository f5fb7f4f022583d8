const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
  ],
}

/** @type {import('jest').Config} */
module.exports = {
  projects: [{ displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'], transform }],
}
