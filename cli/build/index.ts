import { runCommand } from '../../shared/runCommand'
import { buildFunctions } from './buildFunctions'
import { measureStart } from './measureStart'

const HELP = `npm run build

Bundles each function into dist/<function>/, what \`s deploy\` uploads and \`npm start\` runs, and prints its size and how
long it takes to load in a fresh process (the quickest of several). Checks mapping.yaml.
`

void runCommand(HELP, {}, async () => {
  for (const { name, file, bytes } of await buildFunctions()) {
    const { cpuMs, wallMs } = await measureStart(file)
    const size = `${Math.round(bytes / 1024)} KB`
    console.log(`dist/${name}/index.js  ${size}  loads in ${Math.round(wallMs)} ms, ${Math.round(cpuMs)} ms of CPU`)
  }
})
