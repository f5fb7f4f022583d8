import path from 'node:path'

interface Project {
  displayName: string
  globalSetup?: string
  globalTeardown?: string
}

/**
 * While `work` goes on, the database server of jest's global setup stands, started once: jest would start one for each change.
 * Its TEST_MYSQL_* variables are in this process, and so in those that it starts.
 */
export async function withDatabase<T>(root: string, work: () => Promise<T>): Promise<T> {
  const { projects } = require(path.join(root, 'jest.config.js')) as { projects: readonly Project[] }
  const { globalSetup = '', globalTeardown = '' } =
    projects.find(({ displayName }) => displayName === 'integration') ?? {}
  const [setUp, tearDown] = [globalSetup, globalTeardown].map((file) => {
    const loaded = require(file.replace('<rootDir>', root)) as { default: () => Promise<void> }
    return loaded.default
  }) as [() => Promise<void>, () => Promise<void>]
  await setUp()
  try {
    return await work()
  } finally {
    await tearDown()
  }
}
