import fs from 'node:fs'
import { bundle } from '../../../shared/bundle'
import { waitFor } from '../../support/waitFor'

const source = (contents: string) => ({ stdin: { contents }, logLevel: 'silent' as const })

/** Of this process; one that has ended has no command, and is then gone. */
function esbuilds(): string[] {
  const ids = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  return ids.filter((id) => commandOf(id).includes('esbuild'))
}

function commandOf(id: string): string {
  try {
    return fs.readFileSync(`/proc/${id}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

test('several bundles at once are made, also beside one that fails, and no process stays', async () => {
  // of another test in this process, which has esbuild for itself
  const others = new Set(esbuilds())
  const made = await Promise.allSettled(['1 + 1', 'let (', 'console.log(2)'].map((text) => bundle(source(text))))
  expect(made.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  await waitFor(() => esbuilds().every((id) => others.has(id)))
})

test('one that is asked for when another ends is made', async () => {
  const texts: string[] = []
  for (const text of ['"a"', '"b"']) {
    const [file] = await bundle(source(text))
    texts.push(file?.text.trim() ?? '')
  }
  expect(texts).toEqual([expect.stringContaining('"a"'), expect.stringContaining('"b"')])
})
