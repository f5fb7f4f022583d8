import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { cloudEvent, emulators } from '../../support/emulator'
import { functionTarget } from '../../support/targetEntries'
import { temporaryFolder } from '../../support/temporaryFolder'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
// before its folder goes
afterAll(() => {
  if (isMounted) execFileSync('umount', ['--lazy', disk])
})
const disk = path.join(temporaryFolder(), 'disk')
const filler = path.join(disk, 'filler')
const isMounted = mount()

/** A disk of its own, where that is allowed: root may. */
function mount(): boolean {
  fs.mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function fill(): void {
  const file = fs.openSync(filler, 'w')
  try {
    for (;;) fs.writeSync(file, Buffer.alloc(4_096))
  } catch {
    fs.closeSync(file)
  }
}

const onDisk = isMounted ? test : test.skip

onDisk(
  'a full disk: each delivery is made once, the client is told, and there is a line when it begins and one when it ends',
  async () => {
    const delivered: string[] = []
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const emulator = await startEmulator({
      storeFile: path.join(disk, 'store.db'),
      connections: {
        async invoke(_function, payload) {
          delivered.push(JSON.parse(payload).id)
          await released
          return {}
        },
      },
    })
    const { clock, logged } = emulator
    const rule = { EventBusName: 'my-bus', RuleName: 'r', FilterPattern: '{}', Targets: [functionTarget('f')] }
    await emulator.call('createRule', rule)
    emulator.eventBridge.deliver()
    const ids = Array.from({ length: 15 }, (_, index) => `e-${index}`)
    await emulator.sdk().putEvents(ids.map((id) => cloudEvent(id)))
    await waitFor(() => delivered.length === 10)

    fill()
    release()
    const refused = {
      code: 'ServiceUnavailable',
      data: { code: 'ServiceUnavailable', message: expect.stringMatching(/disk is full.*try again/) },
    }
    await clock.advance(100_000)
    for (let times = 0; times < 20; times++) {
      await expect(emulator.sdk().putEvents([cloudEvent('refused')])).rejects.toMatchObject(refused)
      await clock.advance(1_000)
    }
    await expect(emulator.call('createRule', { ...rule, RuleName: 'other' })).rejects.toMatchObject(refused)
    // the last five before it was known that the first ten cannot be noted
    expect(delivered).toEqual(ids)
    expect(logged).toEqual([expect.stringMatching(/^The event store cannot be written \(database or disk is full\)/)])

    fs.rmSync(filler)
    await clock.advance(2_000)
    await emulator.sdk().putEvents([cloudEvent('accepted')])
    await waitFor(() => delivered.length === 16)
    await clock.advance(600_000)
    expect(delivered).toEqual([...ids, 'accepted'])
    expect(logged).toEqual([expect.anything(), expect.stringMatching(/^The event store can be written again/)])
  },
)
