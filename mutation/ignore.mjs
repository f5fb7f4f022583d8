/** What is not changed. */
export const strykerPlugins = [
  { kind: 'Ignore', name: 'messages', value: { shouldIgnore: isMessage } },
  { kind: 'Ignore', name: 'constants', value: { shouldIgnore: isConstant } },
]

const MESSAGE = 'the text of a message'
const CONSTANT = 'made once, when the file is loaded'

/**
 * What an error or a line of the log says: another wording is no fault that a test should find.
 * @param path of a node, as Babel has it
 */
function isMessage(path) {
  if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined
  for (let inner = path, outer = path.parentPath; outer; inner = outer, outer = outer.parentPath) {
    if (outer.isFunction() || outer.isStatement()) return undefined
    if (outer.isNewExpression() && inner.listKey === 'arguments')
      return isError(outer.node.callee) ? MESSAGE : undefined
    if (outer.isCallExpression() && inner.listKey === 'arguments') return isLog(outer.node.callee) ? MESSAGE : undefined
  }
  return undefined
}

function isError(callee) {
  return callee.type === 'Identifier' && /(Error|Invalid|Unavailable)$/.test(callee.name)
}

function isLog(callee) {
  return callee.type === 'MemberExpression' && /^(console|log|logger)$/.test(callee.object.name)
}

/**
 * Stryker's `ignoreStatic` leaves out a change that runs while a file is loaded and in no test; but where a test itself loads
 * the file, that one alone would be asked, for it is the one in which the constant was made.
 */
function isConstant(path) {
  if (path.findParent((outer) => outer.isFunction() || outer.isClassBody())) return undefined
  let hasFunction = path.isFunction()
  path.traverse({
    'Function|ClassBody'(inner) {
      hasFunction = true
      inner.stop()
    },
  })
  return hasFunction ? undefined : CONSTANT
}
