import path from 'node:path'
import ts from 'typescript'

/*
 * One .d.ts of all that a module exports, with nothing in it that is not ours: a user's compiler needs no package for it, not
 * even @types/node. What is ours is written as it stands; of a type that is made by another package, such as zod's of a schema,
 * it says what it comes to.
 */

interface BundledTypes {
  text: string
  /** what it exports beside types, by name */
  values: string[]
}

/** Where something is named. */
interface Reference {
  node: ts.Node
  symbol: ts.Symbol
}

/** @throws where a type cannot be told without another package */
export function bundleTypes(entry: string): BundledTypes {
  const emitted = emitDeclarations(entry)
  const host = ts.createCompilerHost({})
  const program = ts.createProgram([declarationOf(entry)], OPTIONS, {
    ...host,
    // a module's own file would go before its declarations
    fileExists: (file) => emitted.has(file) || (!emitted.has(declarationOf(file)) && host.fileExists(file)),
    readFile: (file) => emitted.get(file) ?? host.readFile(file),
    getSourceFile(file, options) {
      const text = emitted.get(file)
      return text === undefined ? host.getSourceFile(file, options) : ts.createSourceFile(file, text, options)
    },
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(declarationOf(entry))
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${entry} exports nothing`)

  const exported = checker.getExportsOfModule(module)
  const names = new Map(exported.map((symbol) => [resolve(symbol), symbol.name]))
  const written = new Map<ts.Symbol, string>()
  for (const symbol of exported) write(resolve(symbol))
  const values = exported.filter((symbol) => resolve(symbol).flags & ts.SymbolFlags.Value).map(({ name }) => name)
  const all = exported.map(({ name }) => name).join(', ')
  return { text: `${[...written.values()].join('\n\n')}\n\nexport { ${all} }\n`, values }

  function resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }

  /** As others see it, or as it is called; of two that are called the same, the second has a number. */
  function nameOf(symbol: ts.Symbol): string {
    const known = names.get(symbol)
    if (known !== undefined) return known
    const taken = new Set(names.values())
    let name = symbol.name
    for (let number = 2; taken.has(name); number++) name = `${symbol.name}${number}`
    names.set(symbol, name)
    return name
  }

  function write(symbol: ts.Symbol): void {
    if (written.has(symbol)) return
    written.set(symbol, '')
    written.set(symbol, (symbol.declarations ?? []).map((declaration) => textOf(declaration)).join('\n'))
  }

  function textOf(declaration: ts.Declaration): string {
    if (ts.isTypeAliasDeclaration(declaration) && isMadeElsewhere(declaration)) {
      const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias
      const type = checker.typeToString(checker.getTypeAtLocation(declaration.name), declaration, flags)
      return `${commentOf(declaration)}type ${nameOf(symbolAt(declaration.name))} = ${type}`
    }
    const own = ts.getNameOfDeclaration(declaration)
    const references = ownReferencesIn(declaration)
    for (const { symbol } of references) write(symbol)
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
    const replaced = own ? [...references, { node: own, symbol: symbolAt(own) }] : references
    const text = withNames(statement, replaced).replace(/^export (default )?/, '')
    return commentOf(statement) + (/^(declare|interface|type)\b/.test(text) ? text : `declare ${text}`)
  }

  function symbolAt(node: ts.Node): ts.Symbol {
    const symbol = checker.getSymbolAtLocation(node)
    if (symbol === undefined) throw new Error(`${node.getText()} is nothing`)
    return resolve(symbol)
  }

  /** The text of a statement, in which what it names is called as it is written here. */
  function withNames(statement: ts.Node, references: readonly Reference[]): string {
    const text = statement.getSourceFile().text
    let [result, from] = ['', statement.getStart()]
    for (const { node, symbol } of references.toSorted((a, b) => a.node.getStart() - b.node.getStart())) {
      result += text.slice(from, node.getStart()) + nameOf(symbol)
      from = node.getEnd()
    }
    return result + text.slice(from, statement.getEnd())
  }

  /** Whether it refers to what another package has. */
  function isMadeElsewhere(declaration: ts.TypeAliasDeclaration): boolean {
    return referencesIn(declaration).some(({ symbol }) => isForeign(symbol) && !isOfLanguage(symbol))
  }

  /** Ours, which have to be written, too. */
  function ownReferencesIn(node: ts.Node): Reference[] {
    const references = referencesIn(node)
    const foreign = references.find(({ symbol }) => isForeign(symbol) && !isOfLanguage(symbol))
    if (foreign) {
      const { fileName } = node.getSourceFile()
      throw new Error(`${path.relative('', fileName)}: a user's compiler does not know ${foreign.symbol.name}`)
    }
    return references.filter(({ symbol }) => !isForeign(symbol))
  }

  function referencesIn(node: ts.Node): Reference[] {
    const found: Reference[] = []
    const visit = (inner: ts.Node): void => {
      const name = ts.isTypeReferenceNode(inner)
        ? leftOf(inner.typeName)
        : ts.isExpressionWithTypeArguments(inner)
          ? inner.expression
          : ts.isTypeQueryNode(inner)
            ? leftOf(inner.exprName)
            : undefined
      const symbol = name && checker.getSymbolAtLocation(name)
      if (symbol && !(symbol.flags & ts.SymbolFlags.TypeParameter)) found.push({ node: name, symbol: resolve(symbol) })
      if (ts.isImportTypeNode(inner)) throw new Error(`${inner.getText()}: give it a name and import that`)
      ts.forEachChild(inner, visit)
    }
    ts.forEachChild(node, visit)
    return found
  }

  function isForeign(symbol: ts.Symbol): boolean {
    return !(symbol.declarations ?? []).some((declaration) => emitted.has(declaration.getSourceFile().fileName))
  }

  /** Those of ECMAScript itself, and what both browsers and Node have, as which a compiler knows it. */
  function isOfLanguage(symbol: ts.Symbol): boolean {
    if (symbol.name === 'AbortSignal') return true
    const files = (symbol.declarations ?? []).map((declaration) => declaration.getSourceFile())
    return files.some((file) => program.isSourceFileDefaultLibrary(file))
  }
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
}

/** The declarations of a module and of all of ours that it imports, by the name of the file. */
function emitDeclarations(entry: string): Map<string, string> {
  const emitted = new Map<string, string>()
  const options = { ...OPTIONS, declaration: true, emitDeclarationOnly: true, removeComments: false }
  const program = ts.createProgram([entry], options)
  program.emit(undefined, (file, text) => emitted.set(path.resolve(file), text))
  return emitted
}

function declarationOf(entry: string): string {
  return entry.replace(/\.ts$/, '.d.ts')
}

function leftOf(name: ts.EntityName): ts.Identifier {
  return ts.isIdentifier(name) ? name : leftOf(name.left)
}

/** The doc comment above it. */
function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node)
  return comment && ts.isJSDoc(comment) ? `${comment.getText()}\n` : ''
}
