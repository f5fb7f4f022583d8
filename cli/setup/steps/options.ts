import { randomBytes } from 'node:crypto'
import type { Answers } from '../answers'
import { askYesNo } from '../ask'
import { askVariable, type Question } from '../askVariable'

const ENDPOINT: Question = {
  name: 'EVENTBRIDGE_ENDPOINT',
  what: 'another than https://<account>.eventbridge.<region>.aliyuncs.com; or empty',
  usual: '',
}
const LOG_HASH_KEY: Question = {
  name: 'LOG_HASH_KEY',
  what: 'npm run hash -- <userId> prints what logs call somebody by',
  secret: true,
  make: () => randomBytes(24).toString('hex'),
}

/** What works without an answer. */
export async function askOptions(answers: Answers): Promise<void> {
  await askVariable(answers, ENDPOINT)
  const isSet = answers.environment()[LOG_HASH_KEY.name] !== undefined
  if (isSet || (await askYesNo('Shall logs name employees, by a keyed hash (LOG_HASH_KEY)?', true))) {
    await askVariable(answers, LOG_HASH_KEY)
  }
}
