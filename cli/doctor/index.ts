import { showLinks } from '../../shared/links'
import { runCommand } from '../../shared/runCommand'
import { runningStack } from '../localStack'
import { withProgress } from '../progress'
import { ROOT } from '../project'
import { choosePlace } from './place'
import { walkChain } from './walkChain'

const HELP = `npm run doctor [-- options]

Walks the chain from the variables to the row and says of each link whether it is ok, wrong or unknown, and what to do.
Ends with exit code 1 when one is wrong. Changes nothing; it sends the webhook a request that it must refuse, DingTalk's check of
the URL for each owner key (native callbacks), and an event {"syncAction":"doctor_probe"}, which the employees function
ignores; in its place no event where a link before is wrong.

  --local        the running local stack; also without this when one runs and there is no .env
  --webhook URL  the webhook, as s deploy printed it (the local stack's is known)
  --file FILE    another file than eventbridge.yaml
  --json         for a program: {"target","links":[{"name","state","found","next"}]}

For the cloud, variables come from the shell, then from .env. A database in a VPC is not reached from here; there it is
s employees invoke -e '{"maintenance":"doctor"}'
`

const ARGUMENTS = {
  options: {
    local: { type: 'boolean', default: false },
    webhook: { type: 'string' },
    file: { type: 'string', default: 'eventbridge.yaml' },
    json: { type: 'boolean', default: false },
  },
} as const

void runCommand(HELP, ARGUMENTS, async ({ values }) => {
  const place = choosePlace(ROOT, process.env, values)
  const stack = place.isLocal ? undefined : runningStack()['ORIGIN']
  const other = stack === undefined ? '' : ` (the local stack at ${stack}: npm run doctor -- --local)`
  if (!values.json) console.log(`examining ${place.name}${other}`)
  // a program may read both streams as one
  const links = values.json ? await walkChain(place) : await withProgress('examining', {}, () => walkChain(place))
  console.log(values.json ? JSON.stringify({ target: place.name, links }) : showLinks(links))
  if (links.some(({ state }) => state === 'wrong')) process.exitCode = 1
})
