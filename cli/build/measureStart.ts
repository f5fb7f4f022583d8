import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { LOCAL_ACCOUNT } from '../../local/project/account'

interface StartTime {
  cpuMs: number
  wallMs: number
}

/** One start is as quick as the machine happens to be; the quickest of several comes near to the bundle's own cost. */
const STARTS = 5

const SCRIPT = `
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  require(process.argv[1])
  const { user, system } = process.cpuUsage(cpu)
  const times = { cpuMs: (user + system) / 1000, wallMs: performance.now() - wall }
  process.send(times, () => process.exit())`

/**
 * How long a bundle takes to load in a fresh process, with a configuration that it accepts: the part of a cold start that
 * is the function's.
 * @throws Error when it does not load
 */
export async function measureStart(bundle: string): Promise<StartTime> {
  const starts: StartTime[] = []
  // one after another: side by side they would slow each other down
  for (let count = 0; count < STARTS; count++) starts.push(await startOnce(bundle))
  return {
    cpuMs: Math.min(...starts.map(({ cpuMs }) => cpuMs)),
    wallMs: Math.min(...starts.map(({ wallMs }) => wallMs)),
  }
}

async function startOnce(bundle: string): Promise<StartTime> {
  const child = spawn(process.execPath, ['-e', SCRIPT, bundle], {
    env: { EVENT_BUS_NAME: 'dingtalk', FC_ACCOUNT_ID: LOCAL_ACCOUNT.accountId, FC_REGION: LOCAL_ACCOUNT.region },
    // what the function says is not asked for
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let times: StartTime | undefined
  child.once('message', (message) => {
    times = message as StartTime
  })
  await once(child, 'close')
  if (times === undefined) throw new Error(`${bundle} does not load`)
  return times
}
