// What a function does in a second of CPU: `node spin.mjs MODULE INPUT MS`, in a process of its own, so that the one's
// objects do not make the other's code slow. MODULE exports prepare(config), which gives a function of one item; INPUT is a
// JSON file of config and items.

import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { pathToFileURL } from 'node:url'

const [module, input, ms] = process.argv.slice(2)
const { config, items } = JSON.parse(fs.readFileSync(input, 'utf8'))
const { prepare } = await import(pathToFileURL(module).href)
const work = prepare(config)
const digest = createHash('sha256')
  .update(JSON.stringify(items.map(work)))
  .digest('hex')
// until it is compiled
spin(Number(ms) / 2)
console.log(JSON.stringify({ perCpuSecond: spin(Number(ms)), digest }))

function spin(forMs) {
  let done = 0
  let kept = 0
  // the system is asked for the time now and then: it takes its time itself
  let laps = 1
  const from = process.cpuUsage()
  for (;;) {
    for (let lap = 0; lap < laps; lap++) for (const item of items) if (work(item) !== undefined) kept++
    done += laps * items.length
    const spent = cpuMsSince(from)
    if (spent >= forMs) return kept === 0 ? 0 : (done / spent) * 1000
    if (spent < forMs / 10) laps *= 2
  }
}

function cpuMsSince(from) {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1000
}
