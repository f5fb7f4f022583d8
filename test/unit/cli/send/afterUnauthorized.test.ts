import { afterUnauthorized } from '../../../../cli/send/sendMessage'

const nothing = { token: undefined, apiSecret: undefined }
const keys = { token: 'tokenA1', aesKey: 'k'.repeat(43), ownerKey: 'ding' }
const RESTART = /^The stack reads \.env\.local when it starts: restart npm start\.$/

test.each<[string, Parameters<typeof afterUnauthorized>, RegExp]>([
  ['encrypted, to the local stack', [{ secrets: nothing, keys }, true], RESTART],
  ['with a token, to the local stack', [{ secrets: { ...nothing, token: 't' }, keys: undefined }, true], RESTART],
  ['signed, to the local stack', [{ secrets: { ...nothing, apiSecret: 's' }, keys: undefined }, true], RESTART],
  [
    'plain, to the local stack',
    [{ secrets: nothing, keys: undefined }, true],
    /^Without WEBHOOK_TOKEN .* plain .*--encrypted.*restart npm start\.$/,
  ],
  ['encrypted, elsewhere', [{ secrets: nothing, keys }, false], /^Set DINGTALK_TOKEN, .* in the shell to what/],
  ['plain, elsewhere', [{ secrets: nothing, keys: undefined }, false], /^Set WEBHOOK_TOKEN or CONNECTOR_API_SECRET in/],
])('a 401 for what was sent %s: what to do', (_, args, text) => {
  expect(afterUnauthorized(...args)).toMatch(text)
})
