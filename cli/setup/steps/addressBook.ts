import type { Answers } from '../answers'
import { askYesNo } from '../ask'
import { askAndTry, type Question } from '../askVariable'
import { checkApp } from '../checks/app'

const KEY: Question = {
  name: 'DINGTALK_APP_KEY',
  what: 'the app’s Client ID: developer console → the app → 凭证与基础信息',
}
const QUESTIONS: readonly Question[] = [
  KEY,
  { name: 'DINGTALK_APP_SECRET', what: 'its Client Secret, beside it', secret: true },
  { name: 'DINGTALK_CORP_ID', what: 'your corpId: developer console, first page' },
]

/** Whether DingTalk may be asked, by enrich and reconcile; then by which app. */
export async function askAddressBook(answers: Answers): Promise<void> {
  const value = (name: string) => answers.environment()[name]
  const isBegun = value(KEY.name) !== undefined || value('DINGTALK_APP_SECRET') !== undefined
  if (!isBegun) {
    if (answers.onlyLacking) return
    const gives =
      'everybody in the table from the first day, names for events that have none, what was lost every night'
    const needs = 'docs/native-callbacks.md, “The app: permissions, range, events”, says what it needs'
    const question = `Is there an app that may read the address book (DINGTALK_APP_KEY)? It gives ${gives}; ${needs}.`
    if (!(await askYesNo(question, false))) return
  }
  await askAndTry(answers, QUESTIONS, 'asking DingTalk', async () => {
    const [key, secret] = [value(KEY.name), value('DINGTALK_APP_SECRET')]
    return key && secret ? [await checkApp(key, secret, value('DINGTALK_API_ENDPOINT'))] : []
  })
}
