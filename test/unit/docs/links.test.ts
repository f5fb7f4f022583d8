import fs from 'node:fs'
import path from 'node:path'
import { allDocuments, PROJECT } from '../../support/documents'

test.each(allDocuments().map((document) => [document.name, document] as const))(
  '%s: every link within the project leads somewhere',
  (_, { name, text }) => {
    const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => link)
    const broken = links.filter((link) => {
      const [file = '', anchor] = link.split('#')
      const target = path.join(PROJECT, file === '' ? name : path.join(path.dirname(name), file))
      return !fs.existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(decodeURIComponent(anchor)))
    })
    expect(broken).toEqual([])
  },
)

/** As GitHub makes them of headings. */
function anchorsOf(file: string): string[] {
  return [...fs.readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
