import { namePlaces } from '../../../local/project/settings'

const settings = {
  environment: { WEBHOOK_TOKEN: 'x', ALLOWED_IPS: 'x' },
  fromFile: new Set(['WEBHOOK_TOKEN']),
}

test.each([
  ['of .env.local', 'WEBHOOK_TOKEN: must have', 'WEBHOOK_TOKEN (in .env.local): must have'],
  ['of the shell', 'ALLOWED_IPS: must be', 'ALLOWED_IPS (in the shell): must be'],
  ['of neither', 'DINGTALK_AES_KEY: is not set', 'DINGTALK_AES_KEY: is not set'],
  [
    'of both',
    'ALLOWED_IPS: must be; WEBHOOK_TOKEN: must have',
    'ALLOWED_IPS (in the shell): must be; WEBHOOK_TOKEN (in .env.local): must have',
  ],
  ['in no list of problems', 'see WEBHOOK_TOKEN: it', 'see WEBHOOK_TOKEN: it'],
])('a variable %s', (_, problems, named) => {
  expect(namePlaces(problems, settings)).toBe(named)
})
