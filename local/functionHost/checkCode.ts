import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const EXTENSIONS = ['.mjs', '.js']
/** Of a folder that lacks the file, so many names are told. */
const NAMES_TOLD = 5

/**
 * The file that a handler is in. index.js or, from Node.js 18 on, index.mjs:
 * https://help.aliyun.com/zh/functioncompute/fc/user-guide/request-handlers
 * @param handler `file.method`
 * @throws Error that says what the folder lacks
 */
export function findHandler(codePath: string, handler: string): { file: string; method: string } {
  const dot = handler.lastIndexOf('.')
  if (dot < 1 || dot === handler.length - 1) {
    throw new Error(`The handler ${handler} must be a file and what it exports, such as index.handler`)
  }
  const name = handler.slice(0, dot)
  const file = EXTENSIONS.map((extension) => name + extension).find((each) => fs.existsSync(path.join(codePath, each)))
  if (file !== undefined) return { file, method: handler.slice(dot + 1) }
  throw new Error(
    `${codePath} has no ${name}.js or ${name}.mjs, where the handler ${handler} should be. ${tell(codePath)}`,
  )
}

function tell(folder: string): string {
  const names = fs.readdirSync(folder).sort()
  if (names.length === 0) return 'It is empty.'
  if (names.some((name) => name.endsWith('.py'))) return 'It holds Python; here functions of Node.js run.'
  if (names.some((name) => name.endsWith('.ts')))
    return 'It holds TypeScript, which must be built into JavaScript first.'
  const more = names.length > NAMES_TOLD ? ', …' : ''
  return `It holds ${names.slice(0, NAMES_TOLD).join(', ')}${more}`
}

/**
 * What is wrong with a folder of code, as far as one sees without running it; undefined when nothing is.
 * @param handlers `file.method` each
 */
export function findCodeProblem(codePath: string, handlers: readonly string[]): string | undefined {
  if (!fs.statSync(codePath).isDirectory()) return `${codePath} is no folder.`
  try {
    const files = new Set(handlers.map((handler) => findHandler(codePath, handler).file))
    return [...files].map((file) => findSyntaxError(path.join(codePath, file))).find((problem) => problem !== undefined)
  } catch (error) {
    return (error as Error).message
  }
}

/** By Node itself, which knows CommonJS from modules. */
function findSyntaxError(file: string): string | undefined {
  const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' })
  if (status === 0) return undefined
  const [place = ''] = stderr.split('\n')
  const [reason = 'it cannot be read'] = /^\w*Error.*/m.exec(stderr) ?? []
  return `${place.replace(/^file:\/\//, '')}: ${reason}`
}
