/*
 * What every command is started with (`node --require ./cli/withPackages.cjs`): tsx, by which node runs TypeScript, and one
 * sentence where packages are missing: .npmrc has npm install all of them, whatever NODE_ENV is, but others may install
 * fewer, or half of them. It is plain JavaScript and imports nothing that could be missing itself.
 */
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

const { dependencies, devDependencies } = require('../package.json')

for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
  if (!fs.existsSync(path.join(__dirname, '../node_modules', name, 'package.json'))) giveUp(name)
}

// those that packages need in turn, and binaries of another platform, show when they are loaded; runCommand tells of them, too
process.on('uncaughtExceptionMonitor', (error) => {
  const name = missingPackage(error)
  if (name !== undefined) giveUp(name)
})

// not tsx as a whole, whose loader of ES modules costs each command a sixth of a second: ours are none, and import() of a
// file of ours is require() (emulator/index.ts)
const byNode = Module._extensions['.js']
try {
  require('tsx/cjs')
} catch (error) {
  giveUp(missingPackage(error) ?? 'tsx')
}

// it would look through each file of each package for what is an ES module's, which node tells by itself
for (const kind of ['.js', '.cjs']) {
  const byTsx = Module._extensions[kind]
  Module._extensions[kind] = (module, file) => {
    if (!file.includes(`${path.sep}node_modules${path.sep}`)) return byTsx(module, file)
    try {
      return byNode(module, file)
    } catch (error) {
      // up to 20.18, node cannot
      if (error?.code !== 'ERR_REQUIRE_ESM') throw error
      return byTsx(module, file)
    }
  }
}

/** The package that could not be found; undefined for a file of the project, and for any other error. */
function missingPackage(error) {
  // esbuild's binary has a package of its own, and no code for its want
  if (/The package "@esbuild\/.+" could not be found|esbuild for another platform/.test(error?.message))
    return 'esbuild'
  if (!/^(ERR_)?MODULE_NOT_FOUND$/.test(error?.code)) return undefined
  const [, wanted = ''] = /Cannot find (?:module|package) '([^']+)'/.exec(error.message) ?? []
  const [, inside] = /[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(wanted) ?? []
  return inside ?? (/^[.\\/]|^\w:/.test(wanted) ? undefined : wanted)
}

function giveUp(name) {
  console.error(`The packages of this project are not all here (${name} is missing). Install them: npm ci`)
  process.exit(1)
}
