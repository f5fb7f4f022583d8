import {
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  parseDocument,
  visit,
  type YAMLParseError,
} from 'yaml'
import type * as z from 'zod/mini'
import { fullwidthSyntax } from './fullwidth'
import { exactNumber } from './json'
import { UserError } from './userError'

/** The faults of a file, each with its line and column. */
export interface FileFaults {
  /** notes a fault at a place of the file, such as ['columns', 'name', 'slot'] */
  add(place: Place, message: string): void
  /** @throws UserError that names all of them, when there are any */
  refuse(): void
}

/** A document of a YAML file, and what takes the faults that the schema does not see. */
export interface ReadDocument<T> {
  data: T
  faults: FileFaults
}

/**
 * Reads a YAML file that somebody wrote by hand.
 * @param text the file's content
 * @param file its name, for errors
 * @returns its data, and what takes the faults that the schema does not see
 * @throws UserError that names every fault of the YAML and of the schema
 */
export function readYaml<T>(text: string, file: string, schema: z.ZodMiniType<T>): ReadDocument<T> {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { lineCounter, prettyErrors: false })
  const [read] = readDocuments([document], { text, file, lineCounter, schema })
  if (read === undefined) throw new Error('unreachable')
  return read
}

/**
 * Reads a YAML file of one document or several, each by this schema; `---` begins the next one. One that holds nothing, as
 * before a `---` at the file's start or behind one at its end, is none.
 * @throws UserError that names every fault of all of them
 */
export function readYamlDocuments<T>(text: string, file: string, schema: z.ZodMiniType<T>): ReadDocument<T>[] {
  const lineCounter = new LineCounter()
  const documents = documentsOf(text, lineCounter)
  return readDocuments(documents, { text, file, lineCounter, schema })
}

/** Those that hold something; of a file that holds nothing the one that is missing. */
function documentsOf(text: string, lineCounter: LineCounter): Document[] {
  const documents: Document[] = [...parseAllDocuments(text, { lineCounter, prettyErrors: false })]
  const filled = documents.filter(({ contents, errors }) => {
    return errors.length > 0 || !(isScalar(contents) && contents.source === '')
  })
  if (filled.length > 0) return filled
  return [documents[0] ?? parseDocument(text, { prettyErrors: false })]
}

interface FileOptions<T> {
  text: string
  file: string
  lineCounter: LineCounter
  schema: z.ZodMiniType<T>
}

function readDocuments<T>(
  documents: readonly Document[],
  { text, file, lineCounter, schema }: FileOptions<T>,
): ReadDocument<T>[] {
  const lines: string[] = []
  const addAt = (offset: number, message: string) => {
    const { line, col } = lineCounter.linePos(offset)
    lines.push(`${file}:${line}:${col} ${message}`)
  }
  const refuse = () => {
    if (lines.length > 0) throw new UserError(lines.join('\n'))
  }
  const faultsOf = (document: Document): FileFaults => ({
    add: (place, message) =>
      addAt(offsetOf(document, place), place.length === 0 ? message : `${place.join('.')}: ${message}`),
    refuse,
  })

  // YAML takes them for text, and what it then says leads astray, or it says nothing
  for (const { line, column, message } of fullwidthSyntax(text)) lines.push(`${file}:${line}:${column} ${message}`)
  refuse()
  for (const document of documents) {
    // one broken line makes a cascade of errors: the first is the one to mend
    for (const error of document.errors.slice(0, 1)) addAt(...plainError(error, document))
    visit(document, {
      Alias(_, alias) {
        if (alias.resolve(document) === undefined) addAt(alias.range?.[0] ?? 0, NO_ANCHOR)
      },
      // an id of 17 digits, say, in a pattern: rounded it would be another
      Scalar(_, scalar) {
        const { value, source = '' } = scalar
        // not where YAML writes a number as JSON does not: .inf
        if (Number(source) === value) scalar.value = exactNumber(source)
      },
    })
  }
  refuse()
  const read = documents.flatMap((document): ReadDocument<T>[] => {
    const faults = faultsOf(document)
    // the input tells what is missing from what is of another type; plainIssues quotes none of it
    const parsed = schema.safeParse(document.toJS(), { reportInput: true })
    if (parsed.success) return [{ data: parsed.data, faults }]
    for (const { place, message } of plainIssues(parsed.error.issues, document)) faults.add(place, message)
    return []
  })
  refuse()
  return read
}

/**
 * Where a file has the first of these places that it has: `mapping.yaml:12:5`.
 * @param text the file's content, which has been read
 * @param among of several documents, what the one in question has: `{ table: 'user_info' }`
 */
export function placeIn(
  text: string,
  file: string,
  places: readonly Place[],
  among: Readonly<Record<string, unknown>> = {},
): string {
  const lineCounter = new LineCounter()
  const document = documentsOf(text, lineCounter).find((one) =>
    Object.entries(among).every(([name, value]) => one.get(name) === value),
  )
  const place = places.find((other) => document?.hasIn(other)) ?? []
  const { line, col } = lineCounter.linePos(document === undefined ? 0 : offsetOf(document, place))
  return `${file}:${line}:${col}`
}

/** Where the innermost part of the place that is in the file begins: its key, or the item of a list. */
function offsetOf(document: Document, place: Place): number {
  for (let length = place.length; length > 0; length--) {
    const parent = document.getIn(place.slice(0, length - 1))
    const part = place[length - 1]
    const node = isMap(parent)
      ? parent.items.map(({ key }) => key).find((key) => String(key) === String(part))
      : isSeq(parent) && parent.items[Number(part)]
    if (isNode(node) && node.range) return node.range[0]
  }
  // a document begins with what it holds: comments of the one before may stand above it
  return document.contents?.range?.[0] ?? 0
}

const NO_ANCHOR = 'begins with *, which YAML takes for the name of something else in the file: put it in quotes'

const RESERVED = 'begins with $1, which YAML keeps for itself: put it in quotes'

/** Where an error of the YAML is, and what it means to whoever has written the line. */
function plainError({ code, pos: [at], message }: YAMLParseError, document: Document): [at: number, message: string] {
  switch (code) {
    case 'MULTILINE_IMPLICIT_KEY':
    case 'MISSING_CHAR':
      if (message.startsWith('Missing closing'))
        return [beginningOf(at, document), 'begins with a quote that does not end']
      if (!message.startsWith('Implicit')) return [at, message]
      return [at, 'has no colon behind its name, or no blank behind the colon: name: value']
    case 'BLOCK_AS_IMPLICIT_KEY':
      return [at, 'is a value, and the next line is further in: names of one level begin in one column']
    case 'DUPLICATE_KEY':
      return [at, tellTwice(at, document)]
    case 'BAD_SCALAR_START':
      return [at, message.replace(/.*reserved character (.)/, RESERVED)]
    default:
      return [at, message]
  }
}

/** Of a name that its map has already. The names of a whole file come twice where two files were put together. */
function tellTwice(at: number, document: Document): string {
  let name = 'a name'
  visit(document, {
    Scalar(_, { range, value }) {
      if (range?.[0] === at) name = String(value)
    },
  })
  const isOfFile =
    isMap(document.contents) && document.contents.items.some(({ key }) => isScalar(key) && key.range?.[0] === at)
  return `${name} comes twice in one map${isOfFile ? ': where a further document begins, a line --- is missing' : ''}`
}

/** Where the text begins that ends here: a quote that is missing is missed at the end of the file. */
function beginningOf(end: number, document: Document): number {
  let beginning = end
  visit(document, {
    Scalar(_, { range }) {
      if (range?.[1] === end) beginning = range[0]
    },
  })
  return beginning
}

export type Place = readonly PropertyKey[]

/** What zod calls a type, as whoever writes YAML calls it. */
const TYPES: Readonly<Record<string, string>> = {
  object: 'a map of names and values',
  record: 'a map of names and values',
  array: 'a list',
  string: 'text',
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
}

/** zod/mini comes without texts of its own: what a schema gives no message for gets one here. */
function plainIssues(issues: readonly z.core.$ZodIssue[], document: Document): { place: Place; message: string }[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ place: [...issue.path, key], message: tellUnknown(document, issue.path, key) }))
      : [{ place: issue.path, message: messageOf(issue) }],
  )
}

/** Of `{ type: DECIMAL(6,2) NULL }` YAML makes the two names `type` and `2) NULL`. */
function tellUnknown(document: Document, path: Place, key: string): string {
  const map = document.getIn(path)
  const isLoose =
    isMap(map) && map.flow === true && map.items.some((item) => String(item.key) === key && item.value === null)
  return isLoose ? 'is not known here: where a text between { and } has a comma, put it in quotes' : 'is not known here'
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.input === undefined && issue.code === 'invalid_type') return 'is missing'
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  return issue.message
}
