import fs from 'node:fs'
import path from 'node:path'

export const PROJECT = path.join(__dirname, '../..')

export interface Block {
  language: string
  text: string
}

export interface Document {
  /** relative to the project */
  name: string
  text: string
  /** fenced code, without its indentation */
  blocks: Block[]
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)\n\1```/gm

/** Every document for users and contributors. */
export function allDocuments(): Document[] {
  const inFolder = (folder: string) => fs.readdirSync(path.join(PROJECT, folder)).map((file) => path.join(folder, file))
  // emulator is a package of its own, whose documents go with it
  const folders = ['docs', 'docs/zh-CN', 'ram', 'emulator', 'emulator/docs']
  const there = folders.filter((folder) => fs.existsSync(path.join(PROJECT, folder)))
  const names = [
    'README.md',
    'README.zh-CN.md',
    'SECURITY.md',
    'SECURITY.zh-CN.md',
    'CONTRIBUTING.md',
    ...there.flatMap(inFolder),
  ]
  return names.filter((name) => name.endsWith('.md')).map(readDocument)
}

export function readDocument(name: string): Document {
  const text = fs.readFileSync(path.join(PROJECT, name), 'utf8')
  const blocks = [...text.matchAll(FENCED)].map(([, indent = '', language = '', body = '']) => ({
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }))
  return { name, text, blocks }
}

/** The text without its fenced code. */
export function proseOf({ text }: Document): string {
  return text.replaceAll(FENCED, '')
}

/** Its headings as anchors, as GitHub makes them. */
export function anchorsOf(document: Document): string[] {
  return [...proseOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}

export interface Link {
  /** relative to the project */
  file: string
  anchor: string | undefined
}

/** The links within the project that a part of the document has. */
export function linksOf(name: string, text: string): Link[] {
  return [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => {
    const [file = '', anchor] = link.split('#')
    return {
      file: file === '' ? name : path.join(path.dirname(name), file),
      anchor: anchor === undefined ? undefined : decodeURIComponent(anchor),
    }
  })
}

export function isChinese(name: string): boolean {
  return name.includes('zh-CN')
}

/** README.md is README.zh-CN.md in Chinese, docs/scale.md docs/zh-CN/scale.md. */
export function chineseOf(name: string): string {
  return name.startsWith('docs/') ? name.replace('docs/', 'docs/zh-CN/') : name.replace('.md', '.zh-CN.md')
}

export function englishOf(name: string): string {
  return name.replace('docs/zh-CN/', 'docs/').replace('.zh-CN.md', '.md')
}

/** The lines of its shell blocks, comments left out. */
export function shellLines({ blocks }: Document): string[] {
  return blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
}

/** Every command that the text names: in shell blocks, and in `code` that begins like one. */
export function commandsOf(document: Document): string[] {
  const inline = [...document.text.matchAll(/`((?:npm|npx|s|curl) [^`\n]+)`/g)].map(([, command = '']) => command)
  return [...shellLines(document), ...inline].flatMap((line) => line.split(' && ')).map((line) => line.trim())
}
