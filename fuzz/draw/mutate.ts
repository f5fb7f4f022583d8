import fc from 'fast-check'
import { hostileJson, hostileName, hostileText } from './hostile'
import { leaf, printTree, replaceAt, sizeOf, type Tree, treeOf } from './tree'

/** Where something is changed, as a part of all the places that there are: so a change fits whatever came before it. */
const place = fc.integer({ min: 0, max: 9_999 })

type Change = (tree: Tree) => Tree

const at = (spot: number, change: Change): Change => {
  return (tree) => replaceAt(tree, Math.floor((spot / 10_000) * sizeOf(tree)), change)
}

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(place, hostileJson).map(([spot, text]) => at(spot, () => leaf(text))) },
  { weight: 3, arbitrary: fc.tuple(place, hostileText).map(([spot, text]) => at(spot, (old) => within(old, text))) },
  // a field that is new, or one that is there a second time, before or behind the first
  {
    weight: 3,
    arbitrary: fc
      .tuple(place, hostileName, hostileJson, fc.boolean())
      .map(([spot, name, text, isFirst]) => at(spot, (old) => withField(old, JSON.stringify(name), text, isFirst))),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(place, place, hostileJson, fc.boolean())
      .map(([spot, which, text, isFirst]) => at(spot, (old) => doubled(old, which, text, isFirst))),
  },
  { weight: 1, arbitrary: fc.tuple(place, place).map(([spot, which]) => at(spot, (old) => without(old, which))) },
  { weight: 1, arbitrary: place.map((spot) => at(spot, (old) => leaf(JSON.stringify(printTree(old))))) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(place, fc.integer({ min: 1, max: 70 }))
      .map(([spot, deep]) => at(spot, (old) => nest(old, deep))),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(place, fc.integer({ min: 2, max: 40 }))
      .map(([spot, times]) => at(spot, (old) => ({ kind: 'list', items: Array.from({ length: times }, () => old) }))),
  },
)

/** A text has another one in it; what is none has it in its place. */
function within(old: Tree, text: string): Tree {
  const isText = old.kind === 'leaf' && /^".*"$/s.test(old.text)
  if (!isText) return leaf(JSON.stringify(text))
  return leaf(`${old.text.slice(0, -1)}${JSON.stringify(text).slice(1)}`)
}

function withField(old: Tree, name: string, text: string, isFirst: boolean): Tree {
  if (old.kind !== 'object') return { kind: 'object', fields: [[name, old]] }
  const field: [string, Tree] = [name, leaf(text)]
  return { kind: 'object', fields: isFirst ? [field, ...old.fields] : [...old.fields, field] }
}

function doubled(old: Tree, which: number, text: string, isFirst: boolean): Tree {
  const name = old.kind === 'object' ? old.fields[which % old.fields.length]?.[0] : undefined
  return name === undefined ? old : withField(old, name, text, isFirst)
}

function without(old: Tree, which: number): Tree {
  if (old.kind === 'leaf') return leaf('null')
  if (old.kind === 'list') return { kind: 'list', items: old.items.filter((_, n) => n !== which % old.items.length) }
  return { kind: 'object', fields: old.fields.filter((_, n) => n !== which % old.fields.length) }
}

function nest(old: Tree, deep: number): Tree {
  return deep === 0 ? old : nest({ kind: 'list', items: [old] }, deep - 1)
}

/** Few, for the most part: what is hostile in every field is refused by the first. */
const changes = fc.oneof(
  { weight: 1, arbitrary: fc.array(change, { maxLength: 0 }) },
  { weight: 5, arbitrary: fc.array(change, { minLength: 1, maxLength: 1 }) },
  { weight: 3, arbitrary: fc.array(change, { minLength: 2, maxLength: 6 }) },
)

/** Text of JSON that is one of these, with what is hostile in it; one in some is as it was. */
export function mutatedJson(corpus: readonly unknown[]): fc.Arbitrary<string> {
  const trees = corpus.map(treeOf)
  return fc
    .tuple(fc.integer({ min: 0, max: trees.length - 1 }), changes)
    .map(([which, all]) => printTree(all.reduce((tree, one) => one(tree), trees[which] ?? leaf('null'))))
}

const damage: fc.Arbitrary<(bytes: Buffer) => Buffer> = fc.oneof(
  // a byte that no UTF-8 has, half of a character, an overlong one, a surrogate in UTF-8, a byte order mark, NUL
  fc
    .tuple(place, fc.constantFrom('ff', 'c3', 'c080', 'eda080', 'efbbbf', '00', 'f4908080', '0d0a', 'e28028', '80'))
    .map(([spot, hex]) => splice(spot, 0, Buffer.from(hex, 'hex'))),
  fc.tuple(place, fc.integer({ min: 0, max: 7 })).map(([spot, bit]) => flip(spot, bit)),
  fc.tuple(place, fc.integer({ min: 1, max: 200 })).map(([spot, length]) => splice(spot, length, Buffer.alloc(0))),
  place.map((spot) => (bytes: Buffer) => bytes.subarray(0, Math.floor((spot / 10_000) * bytes.length))),
  fc
    .integer({ min: 2, max: 3 })
    .map((times) => (bytes: Buffer) => Buffer.concat(Array.from({ length: times }, () => bytes))),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => () => Buffer.from(bytes)),
)

function splice(spot: number, length: number, inserted: Buffer) {
  return (bytes: Buffer) => {
    const start = Math.floor((spot / 10_000) * bytes.length)
    return Buffer.concat([bytes.subarray(0, start), inserted, bytes.subarray(start + length)])
  }
}

function flip(spot: number, bit: number) {
  return (bytes: Buffer) => {
    const copy = Buffer.from(bytes)
    const index = Math.floor((spot / 10_000) * copy.length)
    if (index < copy.length) copy.writeUInt8(copy.readUInt8(index) ^ (1 << bit), index)
    return copy
  }
}

/** The same as bytes, of which some are no longer what they were. */
export function mutatedBytes(corpus: readonly unknown[]): fc.Arbitrary<Buffer> {
  const damages: fc.Arbitrary<((bytes: Buffer) => Buffer)[]> = fc.oneof(
    { weight: 4, arbitrary: fc.array(damage, { maxLength: 0 }) },
    { weight: 1, arbitrary: fc.array(damage, { minLength: 1, maxLength: 3 }) },
  )
  return fc
    .tuple(mutatedJson(corpus), damages)
    .map(([text, all]) => all.reduce<Buffer>((bytes, one) => one(bytes), Buffer.from(text)))
}
