import fs from 'node:fs'
import path from 'node:path'
import { streamApp } from '../../../../cli/listen/streamApp'
import { temporaryFolder } from '../../../support/temporaryFolder'

const folder = temporaryFolder()
const localDir = path.join(folder, 'local')
const APP = { DINGTALK_APP_KEY: 'ding-of-file', DINGTALK_APP_SECRET: 'secret-of-file' }
const STACK = {
  DINGTALK_APP_KEY: 'ding-of-stack',
  DINGTALK_APP_SECRET: 'secret-of-stack',
  DINGTALK_API_ENDPOINT: 'http://127.0.0.1:8080/dingtalk/api',
}
const SHELL = { DINGTALK_APP_KEY: 'ding-of-shell', DINGTALK_APP_SECRET: 'secret-of-shell' }

function given(shell: Record<string, string>, file: Record<string, string>, stack?: Record<string, string>) {
  fs.rmSync(localDir, { recursive: true, force: true })
  fs.mkdirSync(localDir)
  write(path.join(folder, '.env.local'), file)
  if (stack) write(path.join(localDir, 'env'), stack)
  return () => streamApp({ LOCAL_DIR: localDir, ...shell }, folder)
}
const write = (file: string, variables: Record<string, string>) =>
  fs.writeFileSync(
    file,
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )

const API = 'https://api.dingtalk.com'
test.each<[string, Parameters<typeof given>, { appKey: string; appSecret: string; endpoint: string }]>([
  ['.env.local', [{}, APP], { appKey: 'ding-of-file', appSecret: 'secret-of-file', endpoint: API }],
  [
    '.env.local, beside a stack without one',
    [{}, APP, {}],
    { appKey: 'ding-of-file', appSecret: 'secret-of-file', endpoint: API },
  ],
  [
    'the stack',
    [{}, APP, STACK],
    { appKey: 'ding-of-stack', appSecret: 'secret-of-stack', endpoint: STACK.DINGTALK_API_ENDPOINT },
  ],
  [
    'the shell, and nothing of the stack’s',
    [SHELL, {}, STACK],
    { appKey: 'ding-of-shell', appSecret: 'secret-of-shell', endpoint: API },
  ],
  [
    'the shell, with the secret of .env.local',
    [{ DINGTALK_APP_KEY: 'ding-of-shell' }, APP, STACK],
    { appKey: 'ding-of-shell', appSecret: 'secret-of-file', endpoint: API },
  ],
])('the app is that of %s', (_, args, app) => {
  expect(given(...args)()).toEqual(app)
})

test.each<[string, Parameters<typeof given>, RegExp]>([
  [
    'anything',
    [{}, {}],
    /^Set DINGTALK_APP_KEY and DINGTALK_APP_SECRET in the shell or in \.env\.local: Client ID .*Stream 模式推送.*npm start -- --dingtalk$/,
  ],
  ['the secret', [{ DINGTALK_APP_KEY: 'ding' }, {}, STACK], /^Set DINGTALK_APP_SECRET in the shell/],
  ['the key', [{}, { DINGTALK_APP_SECRET: 'x' }], /^Set DINGTALK_APP_KEY in the shell/],
  ['what is not empty', [{ ...SHELL, DINGTALK_APP_SECRET: '' }, {}], /^Set DINGTALK_APP_SECRET in the shell/],
  ['a good address', [{ ...SHELL, DINGTALK_API_ENDPOINT: 'nowhere' }, {}], /DINGTALK_API_ENDPOINT/],
])('without %s it is refused in a line', (_, args, message) => {
  const line = expect.stringMatching(message)
  expect(given(...args)).toThrow(expect.objectContaining({ name: 'UserError', message: line }))
})
