import { isLoopbackHost } from '../../../shared/isLoopbackHost'

test.each<[string, boolean]>([
  ['localhost', true],
  ['LOCALHOST', true],
  ['localhost.', true],
  ['127.0.0.1', true],
  ['127.8.9.10', true],
  ['::1', true],
  ['[::1]', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['[::ffff:7f00:1]', true],
  ['', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['::ffff:10.0.0.1', false],
  ['fe80::1%eth0', false],
  ['rm-bp1.mysql.rds.aliyuncs.com', false],
])('%s: %s', (host, here) => {
  expect(isLoopbackHost(host)).toBe(here)
})
