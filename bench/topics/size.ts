import fs from 'node:fs'
import path from 'node:path'
import type { Topic } from '../topic'

const GOALS_KB: Readonly<Record<string, number>> = { webhook: 180, employees: 450 }

/** How large each bundle is that is deployed. */
export const size: Topic = {
  name: 'size',
  async measure({ bundles }) {
    const dist = await bundles()
    const sizes = fs
      .readdirSync(dist)
      .map((name) => ({ name, kb: fs.statSync(path.join(dist, name, 'index.js')).size / 1024 }))
    return {
      title: 'Bundle size',
      text: 'Of index.js, as it is deployed.',
      head: ['function', 'KB'],
      rows: sizes.map(({ name, kb }) => ({ name, cells: [kb], isOurs: true })),
      goals: sizes.flatMap(({ name, kb }) => {
        const atMost = GOALS_KB[name]
        return atMost === undefined ? [] : [{ what: `bundle of ${name}`, atMost, measured: kb, unit: 'KB' }]
      }),
    }
  },
}
