import fs from 'node:fs'
import path from 'node:path'
import { keepOrganisation, NotKept } from '../../../local/dingtalk/keepOrganisation'
import { openFunctionLog } from '../../../local/stack/functionLog'
import { smallDisk } from '../../support/smallDisk'

const { disk, onDisk, fill, makeRoom } = smallDisk()
const long = 'x'.repeat(3_000)

/** The disk is full, but for what is free of the last page of a file. */
onDisk(
  'the loopback DingTalk: what cannot be kept does not happen, and what happened is kept once there is room',
  () => {
    const folder = path.join(disk, 'dingtalk')
    const open = () => keepOrganisation(folder, 20, Date.UTC(2026, 0, 1), 7)
    const kept = open()
    const [person] = kept.organisation.people.values()
    if (person === undefined) throw new Error('nobody is there')
    const rename = (name: string) => kept.change([{ person: { ...person, name } }])
    const fail = (from: number) =>
      kept.fail({ eventType: 'user_modify_org', eventTime: 1, event: `{"l":"${long}"}`, from })
    rename('before')

    fill()
    // into the last page until that is full, too
    expect(() => {
      for (let times = 0; times < 10; times++) rename(`${times}${long}`)
    }).toThrow(NotKept)
    const name = kept.organisation.people.get(person.userid)?.name
    expect(() => rename(long)).toThrow(
      `The organisation cannot be kept (ENOSPC): make room in ${folder}, which has to be writable. Nothing was changed`,
    )
    expect(kept.organisation.people.get(person.userid)?.name).toBe(name)
    // nobody is there to be told that a callback is given up
    for (const from of [1, 2, 3]) fail(from)
    kept.forgetFailed(1)
    const text = fs.readFileSync(path.join(folder, 'changes.jsonl'), 'utf8')
    expect(text.endsWith('\n')).toBe(true)

    makeRoom()
    rename('after')
    kept.close()
    const again = open()
    expect(again.organisation.people.get(person.userid)?.name).toBe('after')
    expect(again.failed.map(({ from }) => from)).toEqual([2, 3])
    again.close()
  },
)

onDisk("the functions' log has whole lines alone, and goes on once there is room, also where it is to give way", () => {
  const file = path.join(disk, 'functions.log')
  const log = openFunctionLog(file)
  log.write('before')
  fill()
  for (let times = 0; times < 10; times++) log.write(`${times}${long}`)
  makeRoom()
  log.write('after')
  log.close()
  const lines = fs.readFileSync(file, 'utf8').split('\n')
  expect(lines.filter((line) => !/^(before|after|\dx{3000}|)$/.test(line))).toEqual([])
  expect([lines[0], lines.at(-2)]).toEqual(['before', 'after'])
})

test("the functions' log that cannot give way to a new one goes on as it is, and does so later", () => {
  const file = path.join(fs.mkdtempSync(path.join(process.env['TMPDIR'] ?? '/tmp', 'log-')), 'functions.log')
  fs.writeFileSync(file, `${'x'.repeat(10 * 1024 ** 2)}\n`)
  const log = openFunctionLog(file)
  // where nothing can be made
  fs.mkdirSync(`${file}.new`)
  log.write('one')
  log.write('two')
  expect(fs.existsSync(file)).toBe(true)
  fs.rmdirSync(`${file}.new`)
  log.write('three')
  log.close()
  expect(fs.readFileSync(file, 'utf8')).toBe('three\n')
  fs.rmSync(path.dirname(file), { recursive: true })
})
