import fs from 'node:fs'
import path from 'node:path'
import { openSigningKey } from '../../../emulator/signing/signingKey'
import { followFile } from '../../../emulator/standalone/followFile'
import { cloudEvent, emulators } from '../../support/emulator'
import { manualClock } from '../../support/manualClock'
import { smallDisk } from '../../support/smallDisk'
import { functionTarget } from '../../support/targetEntries'
import { waitFor } from '../../support/waitFor'

const startEmulator = emulators()
const { disk, onDisk, fill, makeRoom } = smallDisk()

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
    expect(logged).toEqual([
      expect.stringContaining(
        `The event store cannot be written (database or disk is full). Free some space on the disk of ${disk}.`,
      ),
    ])

    makeRoom()
    await clock.advance(2_000)
    await emulator.sdk().putEvents([cloudEvent('accepted')])
    await waitFor(() => delivered.length === 16)
    await clock.advance(600_000)
    expect(delivered).toEqual([...ids, 'accepted'])
    expect(logged).toEqual([expect.anything(), expect.stringMatching(/^The event store can be written again/)])
  },
)

onDisk(
  'what it keeps beside the store: the key to sign with, and an edited file, are there once there is room',
  async () => {
    const file = path.join(disk, 'signing-key.pem')
    const signingKey = openSigningKey(file)
    const applied: string[] = []
    const lines: string[] = []
    const clock = manualClock()
    const config = path.join(disk, 'eventbridge.yaml')
    fs.writeFileSync(config, 'second')
    let isFull = true
    const followed = followFile({
      ...{ file: config, text: 'first', clock, report: (line: string) => lines.push(line), read: () => [] },
      eventBridge: {
        apply() {
          if (isFull) throw Object.assign(new Error('database or disk is full'), { name: 'SqliteError' })
          applied.push('second')
          return { added: ['rule r'], changed: [], removed: [] }
        },
      },
    })
    fill()
    await expect(signingKey()).rejects.toThrow(/ENOSPC/)
    await clock.advance(10_000)
    expect(lines).toEqual([
      expect.stringMatching(/full\neventbridge.yaml is not taken over: .* It is tried again every/),
    ])

    makeRoom()
    isFull = false
    expect((await signingKey()).certificate).toMatch(/^-----BEGIN CERTIFICATE/)
    expect(fs.readFileSync(file, 'utf8')).toContain((await signingKey()).certificate)
    await clock.advance(10_000)
    expect(applied).toEqual(['second'])
    expect(lines.slice(1)).toEqual(['eventbridge.yaml is taken over; added: rule r.'])
    followed.stop()
  },
)
