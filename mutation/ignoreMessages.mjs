/** What an error or a line of the log says: another wording is no fault that a test should find. */
export const strykerPlugins = [{ kind: 'Ignore', name: 'messages', value: { shouldIgnore } }]

const REASON = 'the text of a message'

/** @param path of a node, as Babel has it */
function shouldIgnore(path) {
  if (!path.isStringLiteral() && !path.isTemplateLiteral()) return undefined
  for (let inner = path, outer = path.parentPath; outer; inner = outer, outer = outer.parentPath) {
    if (outer.isFunction() || outer.isStatement()) return undefined
    if (outer.isNewExpression() && inner.listKey === 'arguments') return isError(outer.node.callee) ? REASON : undefined
    if (outer.isCallExpression() && inner.listKey === 'arguments') return isLog(outer.node.callee) ? REASON : undefined
  }
  return undefined
}

function isError(callee) {
  return callee.type === 'Identifier' && /(Error|Invalid|Unavailable)$/.test(callee.name)
}

function isLog(callee) {
  return callee.type === 'MemberExpression' && /^(console|log|logger)$/.test(callee.object.name)
}
