import path from 'node:path'
import { bundle } from '../bundle'

export interface Client {
  script: string
  style: string
}

const built = new Map<string, Promise<Client>>()

/** Built once a process, from TypeScript as the stack itself runs; a build that failed is tried again. */
export function builtClient(folder: string): Promise<Client> {
  const building =
    built.get(folder) ??
    buildClient(folder).catch((error: unknown) => {
      built.delete(folder)
      throw error
    })
  built.set(folder, building)
  return building
}

export async function buildClient(client: string): Promise<Client> {
  const files = await bundle({
    entryPoints: [path.join(client, 'main.tsx'), path.join(client, 'page.css')],
    outdir: client,
    minify: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
  })
  const textOf = (name: string) => files.find((file) => path.basename(file.path) === name)?.text.trim() ?? ''
  return { script: textOf('main.js'), style: textOf('page.css') }
}
