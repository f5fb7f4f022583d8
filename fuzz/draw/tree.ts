/**
 * JSON as it is written, not as it is read: an object may have a name twice, `__proto__` is a name like others, and a leaf is
 * any text, such as a number of 5,000 digits or half of a surrogate pair.
 */
export type Tree =
  | { kind: 'leaf'; text: string }
  | { kind: 'list'; items: Tree[] }
  | { kind: 'object'; fields: [name: string, value: Tree][] }

export function leaf(text: string): Tree {
  return { kind: 'leaf', text }
}

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(treeOf) }
  if (typeof value !== 'object' || value === null) return leaf(JSON.stringify(value) ?? 'null')
  return { kind: 'object', fields: Object.entries(value).map(([name, of]) => [JSON.stringify(name), treeOf(of)]) }
}

export function printTree(tree: Tree): string {
  if (tree.kind === 'leaf') return tree.text
  if (tree.kind === 'list') return `[${tree.items.map(printTree).join(',')}]`
  return `{${tree.fields.map(([name, value]) => `${name}:${printTree(value)}`).join(',')}}`
}

/** How many places a tree has: itself, and those of its parts. */
export function sizeOf(tree: Tree): number {
  return partsOf(tree).reduce((sum, part) => sum + sizeOf(part), 1)
}

/**
 * The tree with another one at a place.
 * @param at a number of the place, as it is met from the top down
 * @param change makes the other one
 */
export function replaceAt(tree: Tree, at: number, change: (old: Tree) => Tree): Tree {
  if (at === 0) return change(tree)
  let from = 1
  const within = (part: Tree): Tree => {
    const start = from
    from += sizeOf(part)
    return at >= start && at < from ? replaceAt(part, at - start, change) : part
  }
  if (tree.kind === 'list') return { kind: 'list', items: tree.items.map(within) }
  if (tree.kind === 'object') {
    return { kind: 'object', fields: tree.fields.map(([name, value]) => [name, within(value)]) }
  }
  return tree
}

function partsOf(tree: Tree): Tree[] {
  if (tree.kind === 'leaf') return []
  return tree.kind === 'list' ? tree.items : tree.fields.map(([, value]) => value)
}
