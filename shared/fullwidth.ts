/** What a Chinese keyboard writes for the punctuation of files, and what is meant. */
const MEANT: Readonly<Record<string, string>> = {
  '：': ':',
  '＝': '=',
  '＃': '#',
  '，': ',',
  '、': ',',
  '；': ';',
  '。': '.',
  '．': '.',
  '－': '-',
  '—': '-',
  '–': '-',
  '“': '"',
  '”': '"',
  '„': '"',
  '＂': '"',
  '‘': "'",
  '’': "'",
  '＇': "'",
  '（': '(',
  '）': ')',
  '［': '[',
  '］': ']',
  '【': '[',
  '】': ']',
  '｛': '{',
  '｝': '}',
  '＄': '$',
  '＿': '_',
  '＊': '*',
  '／': '/',
  '　': 'a blank',
}

const ANY = Object.keys(MEANT).join('')

/** The first of them in a text. */
export const FULLWIDTH = new RegExp(`[${ANY}]`, 'u')

/** @param character one that FULLWIDTH found */
export function tellFullwidth(character: string): string {
  if (character === '　') return 'a fullwidth space, where a plain one is meant'
  return `the ${/[“”„‘’—–]/.test(character) ? 'typographic' : 'fullwidth'} ${character}, where ${MEANT[character]} is meant`
}

/** Where YAML has a meaning for the plain character alone; what is text, such as a description in Chinese, keeps its own. */
const PLACES: readonly RegExp[] = [
  // key：value, also in { … }
  /^[ \t]*(?:[-－—–][ \t]+)?[\w$.-]+[ \t　]*(?<it>：)/,
  /[{｛,，][ \t　]*[\w$.-]+[ \t　]*(?<it>：)/,
  // [a，b] between what is no Chinese
  /[\w.$\]}][ \t　]*(?<it>[，、；])[ \t　]*[\w.$[{]/,
  // where a value begins
  /(?:[:：,，[{][ \t　]*|^[ \t]*[-－][ \t]+)(?<it>[“”„＂‘’＇［【｛])/,
  /^[ \t]*(?<it>[－—–])[ \t　]*\S/,
  /^[ \t]*(?<it>　)|[:,[{-](?<and>　)/,
  /(?:^|[ \t　])(?<it>＃)/,
  /\$(?<it>｛)|(?<and>＄)[{｛]/,
]

const QUOTED_OR_COMMENT = /'(?:[^']|'')*'|"(?:[^"\\]|\\.)*"|(?<=^|\s)#.*|description:.*/gi

/** Where a text of several lines begins; it goes on in those that are further in. */
const BLOCK = /^([ \t]*(?:- +)*?)(?:[^\s#-].*:[ \t]+|- +)[|>][-+\d]*[ \t]*(?:#.*)?$/

function withoutBlocks(lines: readonly string[]): string[] {
  let within = Infinity
  return lines.map((line) => {
    if (line.trim() === '' || line.search(/\S/) > within) return ''
    within = BLOCK.exec(line)?.[1]?.length ?? Infinity
    return line
  })
}

/** Fullwidth punctuation that stands for syntax in a YAML file: the first of each line, lines and columns from 1 on. */
export function fullwidthSyntax(text: string): { line: number; column: number; message: string }[] {
  return withoutBlocks(text.split(/\r\n|[\r\n]/)).flatMap((whole, index) => {
    const rest = whole.replace(QUOTED_OR_COMMENT, (part) => ' '.repeat(part.length))
    const found = PLACES.flatMap((place) => {
      const match = place.exec(rest)
      const character = match?.groups?.['it'] ?? match?.groups?.['and']
      return match === null || character === undefined
        ? []
        : [{ at: match.index + match[0].indexOf(character), character }]
    })
    const first = found.sort((a, b) => a.at - b.at)[0]
    if (first === undefined) return []
    const hint = /[“”„‘’＂＇【［｛，、；]/.test(first.character) ? '; in quotes it is text' : ''
    return [{ line: index + 1, column: first.at + 1, message: tellFullwidth(first.character) + hint }]
  })
}
