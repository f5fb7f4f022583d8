import { parseArgs } from 'node:util'
import { buildFunctions } from './buildFunctions'
import { runCommand } from './runCommand'

const HELP = `npm run build

Bundles each function into dist/<function>/, what \`s deploy\` uploads and \`npm start\` runs. Checks mapping.yaml.
`

void runCommand(async () => {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) return console.log(HELP)
  for (const { name, bytes } of await buildFunctions())
    console.log(`dist/${name}/index.js  ${Math.round(bytes / 1024)} KB`)
})
