import { afterUnauthorized } from '../../../../cli/send/sendMessage'

const nothing = { token: undefined, apiSecret: undefined }
const keys = { token: 'tokenA1', aesKey: 'k'.repeat(43), ownerKey: 'ding' }
const withToken = { secrets: { ...nothing, token: 't' }, keys: undefined }
const signed = { secrets: { ...nothing, apiSecret: 's' }, keys: undefined }
const RESTART = /^The stack reads \.env\.local when it starts: restart npm start\.$/

test.each<[string, Parameters<typeof afterUnauthorized>, RegExp]>([
  ['encrypted, to the local stack', [{ secrets: nothing, keys }, {}, {}], RESTART],
  ['with a token, to the local stack', [withToken, {}, {}], RESTART],
  [
    "with the stack's token, which the shell has",
    [withToken, { WEBHOOK_TOKEN: 't' }, { WEBHOOK_TOKEN: ' t' }],
    RESTART,
  ],
  [
    "with the shell's token",
    [withToken, {}, { WEBHOOK_TOKEN: 't', DINGTALK_TOKEN: 'x' }],
    /^[^.]* shell's WEBHOOK_TOKEN: unset/,
  ],
  [
    "with the shell's, another",
    [withToken, { WEBHOOK_TOKEN: 'other' }, { WEBHOOK_TOKEN: 't' }],
    /'s WEBHOOK_TOKEN: unset/,
  ],
  ['signed, to the local stack', [signed, {}, {}], RESTART],
  ["signed, with the shell's secret", [signed, {}, { CONNECTOR_API_SECRET: 's' }], /'s CONNECTOR_API_SECRET: unset/],
  [
    "encrypted, with one of the shell's keys",
    [{ secrets: nothing, keys }, { DINGTALK_TOKEN: 'other' }, { DINGTALK_TOKEN: 'tokenA1', WEBHOOK_TOKEN: 't' }],
    /'s DINGTALK_TOKEN: unset/,
  ],
  [
    'plain, to the local stack',
    [{ secrets: nothing, keys: undefined }, {}, {}],
    /^Without WEBHOOK_TOKEN .* plain .*--encrypted.*restart npm start\.$/,
  ],
  ['encrypted, elsewhere', [{ secrets: nothing, keys }, undefined, {}], /^Set DINGTALK_TOKEN, .* in the shell to what/],
  [
    'plain, elsewhere',
    [{ secrets: nothing, keys: undefined }, undefined, {}],
    /^Set WEBHOOK_TOKEN or CONNECTOR_API_SECRET in/,
  ],
])('a 401 for what was sent %s: what to do', (_, args, text) => {
  expect(afterUnauthorized(...args)).toMatch(text)
})
