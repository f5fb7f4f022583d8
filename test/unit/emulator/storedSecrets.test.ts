import fs from 'node:fs'
import path from 'node:path'
import type { RuleDefinition } from '../../../emulator/resources/definitions'
import { openResources } from '../../../emulator/resources/resources'
import { openStore } from '../../../emulator/store/store'
import { temporaryFolder } from '../../support/temporaryFolder'

const temporary = temporaryFolder()
/** Of a test's own. */
const folderOf = (test: string) => fs.mkdtempSync(path.join(temporary, test))
const SECRET = 'SEC"hush\\hush'
const URL = `http://127.0.0.1:1/robot/send?access_token=hush&of=${SECRET}`
const constant = (ResourceKey: string, Value: string) => ({ ResourceKey, Form: 'CONSTANT', Value })
const rule: RuleDefinition = {
  ...{
    bus: 'default',
    name: 'welcome',
    createdAt: 0,
    changedAt: 0,
    enabled: true,
    filterPattern: '{}',
    fromFile: true,
  },
  targets: [
    {
      ...{ Id: 'robot', Type: 'acs.dingtalk', Endpoint: URL },
      ParamList: [constant('URL', URL), constant('SecretKey', SECRET), constant('Body', '${OTHER} $& $1')],
    },
  ],
}

/** The rule as a store says it that is opened with these variables. */
function open(file: string, filledIn: Record<string, string>, put?: RuleDefinition) {
  const store = openStore(file)
  const { rules } = openResources(store.resources, { invoke: async () => ({}) }, 0, filledIn)
  if (put) rules.put(put)
  const found = rules.find('default', 'welcome')
  store.close()
  return found
}

test('what variables were filled in is on no disk, and is there again when they are', () => {
  const folder = folderOf('file')
  const file = path.join(folder, 'events.db')
  expect(open(file, { URL, SECRET }, rule)).toEqual(rule)
  const written = fs.readdirSync(folder).map((name) => fs.readFileSync(path.join(folder, name), 'latin1'))
  expect(written.join()).not.toContain('hush')
  expect(open(file, { URL, SECRET })).toEqual(rule)
  // another secret since then: the file is about to be read anew
  expect(open(file, { URL, SECRET: 'new' })?.targets[0]?.ParamList[1]).toEqual(constant('SecretKey', 'new'))
  expect(open(file, {})?.targets[0]?.Endpoint).toBe('${URL}')
})

test('what a client of the API made has such a text by chance, and keeps it when the variable has another', () => {
  const file = path.join(folderOf('api'), 'events.db')
  const byApi = { ...rule, fromFile: false, description: 'a test of hr' }
  expect(open(file, { WORD: 'test' }, byApi)?.description).toBe('a test of hr')
  expect(open(file, { WORD: 'other' })?.description).toBe('a test of hr')
})
