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

  const written = new Map<string, { symbol: ts.Symbol; text: string }>()
  const exported = checker.getExportsOfModule(module)
  const values: string[] = []
  for (const symbol of exported) {
    const target = resolve(symbol)
    write(target)
    if (target.flags & ts.SymbolFlags.Value) values.push(symbol.name)
  }
  const names = exported.map((symbol) => {
    const own = resolve(symbol).name
    return own === symbol.name ? own : `${own} as ${symbol.name}`
  })
  const texts = [...written.values()].map(({ text }) => text)
  return { text: `${texts.join('\n\n')}\n\nexport { ${names.join(', ')} }\n`, values }

  function resolve(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }

  function write(symbol: ts.Symbol): void {
    const known = written.get(symbol.name)
    if (known?.symbol === symbol) return
    if (known !== undefined) throw new Error(`two types are called ${symbol.name}: give one another name`)
    const entry = { symbol, text: '' }
    written.set(symbol.name, entry)
    entry.text = (symbol.declarations ?? []).map((declaration) => textOf(declaration)).join('\n')
  }

  function textOf(declaration: ts.Declaration): string {
    if (ts.isTypeAliasDeclaration(declaration) && isMadeElsewhere(declaration)) {
      const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias
      const type = checker.typeToString(checker.getTypeAtLocation(declaration.name), declaration, flags)
      return `${commentOf(declaration)}type ${declaration.name.text} = ${type}`
    }
    namesIn(declaration).forEach(write)
    const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
    const text = commentOf(statement) + statement.getText().replace(/^export (default )?/, '')
    return /^(?:\/\*[\s\S]*\*\/\s*)?(declare|interface|type)\b/.test(text) ? text : `declare ${text}`
  }

  /** Whether it refers to what another package has. */
  function isMadeElsewhere(declaration: ts.TypeAliasDeclaration): boolean {
    return referencesIn(declaration).some((symbol) => isForeign(symbol) && !isOfLanguage(symbol))
  }

  /** Ours, which have to be written, too. */
  function namesIn(node: ts.Node): ts.Symbol[] {
    const symbols = referencesIn(node)
    const foreign = symbols.find((symbol) => isForeign(symbol) && !isOfLanguage(symbol))
    if (foreign) {
      const { fileName } = node.getSourceFile()
      throw new Error(`${path.relative('', fileName)}: a user's compiler does not know ${foreign.name}`)
    }
    return symbols.filter((symbol) => !isForeign(symbol))
  }

  function referencesIn(node: ts.Node): ts.Symbol[] {
    const found: ts.Symbol[] = []
    const visit = (inner: ts.Node): void => {
      const name = ts.isTypeReferenceNode(inner)
        ? leftOf(inner.typeName)
        : ts.isExpressionWithTypeArguments(inner)
          ? inner.expression
          : ts.isTypeQueryNode(inner)
            ? leftOf(inner.exprName)
            : undefined
      const symbol = name && checker.getSymbolAtLocation(name)
      if (symbol && !(symbol.flags & ts.SymbolFlags.TypeParameter)) found.push(resolve(symbol))
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
