import fs from 'node:fs'
import path from 'node:path'
import {
  allDocuments,
  anchorsOf,
  chineseOf,
  type Document,
  englishOf,
  isChinese,
  linksOf,
  PROJECT,
  proseOf,
  readDocument,
} from '../../support/documents'

const names = allDocuments().map(({ name }) => name)
const CLIENT = 'emulator/tracePage/client'
const forUsers = names.filter((name) => !isChinese(name) && name !== 'CONTRIBUTING.md')

test('every document for users is there in both languages', () => {
  expect(names.filter(isChinese).sort()).toEqual(forUsers.map(chineseOf).sort())
})

/** What has to be the same in both languages, section by section. */
const facets: [string, (section: string, document: Document) => unknown][] = [
  ['levels of headings', (section) => /^#*/.exec(section)?.[0].length],
  ['code in the text', (section) => [...new Set(codeIn(section))].sort()],
  ['tables, row by row', (section) => rowsOf(section).map((row) => [row.split('|').length, ...codeIn(row).sort()])],
  ['lists', (section) => section.match(/^ *(?:\d+\.|-)(?= )/gm)],
  ['paragraphs that begin in bold', (section) => section.match(/^(?:- )?\*\*/gm)?.length],
  ['links', (section, { name }) => linksOf(name, section).map(inEnglish).sort()],
  ['addresses', (section) => section.match(/(?<=\]\(|<|\]: )https?:[^)>\s]+|(?<=\]\[)\w+(?=\])/g)?.sort()],
  ['figures', (section) => figuresIn(section)],
]

describe.each(forUsers)('%s and its Chinese twin', (name) => {
  test.each(facets)('the same %s', (_, facet) => {
    const [english, chinese] = [name, chineseOf(name)].map((name) => {
      const document = readDocument(name)
      return sectionsOf(document).map((section) => facet(section, document))
    })
    expect(chinese).toEqual(english)
  })

  test('the same code blocks, apart from comments and the words in drawings', () => {
    expect(codeBlocks(readDocument(chineseOf(name)))).toEqual(codeBlocks(readDocument(name)))
  })
})

test.each(names.filter(isChinese))('%s is set as Chinese is', (name) => {
  const text = proseOf(readDocument(name))
    .replaceAll(/`[^`]*`/g, 'x')
    .replaceAll(/!(?=\[)|\](\([^)]*\)|\[\w+\])|[[\]*]/g, '')
  const latinWithoutSpace = text.match(/.{0,9}(?:\p{Script=Han}[\w%]|[\w%]\p{Script=Han}).{0,9}/gu) ?? []
  const latinPunctuation = text.match(/.{0,9}(?:\p{Script=Han}[.,;:!?()]|[,;:!?()]\p{Script=Han}).{0,9}/gu) ?? []
  expect([...latinWithoutSpace, ...latinPunctuation]).toEqual([])
  expect(text).not.toContain('您')
})

/** One thing has one word, the one that Alibaba Cloud's and DingTalk's own documents have: what is not said, and what is. */
const TERMS: [RegExp, string][] = [
  [/收下/, '接收'],
  [/应答/, '响应'],
  [/访问密钥|用你的密钥/, 'AccessKey'],
  [/令牌/, 'token'],
  [/固定时间/, '恒定时间'],
  [/模拟器/, '内嵌 EventBridge'],
  [/打码/, '脱敏'],
  [/手工/, '手动'],
  [/抓到的/, '抓包样本'],
  [/陌生/, '外部'],
  [/触发器的 URL|Webhook 的 URL/, 'Webhook 地址'],
  [/规则(?:已)?暂停|暂停(?:的)?规则|停用(?:的)?(?:事件)?规则|规则(?:已)?停用/, '禁用'],
  [/永远写不进去/, '无法写入'],
  [/跑过|跑一/, '运行'],
  [/点一点/, '点选'],
  [/走完全程/, '验证整条链路'],
  [/连不上/, '无法访问'],
  [/刹车/, '离职保护（熔断）'],
  [/名册/, '全量名单'],
  [/遍历/, '全量同步'],
  [/预留的实例数/, '实例数上限'],
  [/Shell/, 'shell'],
  [/\d s(?= ?\p{Script=Han})/u, '秒'],
]

const CHINESE = [
  ...names.filter(isChinese),
  ...['chinese.ts', 'mapWords.ts', 'serverWords.ts'].map((file) => `${CLIENT}/${file}`),
]

test.each(CHINESE)('%s has one word for one thing', (name) => {
  const text = fs.readFileSync(path.join(PROJECT, name), 'utf8')
  const said = TERMS.flatMap(([not, instead]) => (text.match(not) ?? []).map((word) => `${word}: ${instead}`))
  expect(said).toEqual([])
})

function sectionsOf(document: Document): string[] {
  return proseOf(document).split(/^(?=#+ )/m)
}

function rowsOf(section: string): string[] {
  return section.match(/^\|.*$/gm) ?? []
}

/** Of a document's name, its English one: in Chinese the Chinese one is named. */
function codeIn(text: string): string[] {
  return (text.match(/`[^`]+`/g) ?? []).map(englishOf)
}

/** The English document, and which of its headings. */
function inEnglish({ file, anchor }: ReturnType<typeof linksOf>[number]): string {
  if (anchor === undefined) return englishOf(file)
  return `${englishOf(file)}, heading ${anchorsOf(readDocument(file)).indexOf(anchor)}`
}

const UNITS = new Map([
  ['million', 1_000_000],
  ['万', 10_000],
])

/** Numbers over ten and fractions, which no language writes as words: 5.4 million is 540 万. */
function figuresIn(section: string): number[] {
  const text = section.replaceAll(/`[^`]*`|\]\([^)]*\)|<http[^>]*>|^\[\w+\]: .*$/gm, '')
  return [...text.matchAll(/(\d[\d,]*(?:\.\d+)?)(?: (million|万))?/g)]
    .map(([, digits = '', unit = '']) => Number(digits.replaceAll(',', '')) * (UNITS.get(unit) ?? 1))
    .filter((number) => number > 10 || !Number.isInteger(number))
    .sort((a, b) => a - b)
}

function codeBlocks({ blocks }: Document): string[] {
  return blocks.map(({ language, text }) =>
    language === 'mermaid' ? text.replaceAll(/"[^"]*"|\[[^\]]*\]/g, '') : text.replaceAll(/(^|\s+)#.*$/gm, '').trim(),
  )
}
