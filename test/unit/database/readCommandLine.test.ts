import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readCommandLine } from '../../../local/database/serverProcess'

/** Of the two ways to read a command line, `ps` is that of macOS; Linux has it too, and may lack it in a container. */
test.each(['linux', 'darwin'])(
  'the command line of a process, and of one that has ended, as on %s',
  async (platform) => {
    const child = spawn('sleep', ['600'])
    const pid = child.pid ?? 0
    const whileRunning = await readCommandLine(pid, platform)
    child.kill()
    await once(child, 'exit')
    expect([whileRunning, await readCommandLine(pid, platform)]).toEqual(['sleep 600', undefined])
  },
)
