import type { NetworkInterfaceInfo } from 'node:os'
import { isThisMachine, mayBeRealKey } from '../../../cli/beyondThisMachine'

const interfaces = {
  docker0: [{ address: '172.17.0.1' } as NetworkInterfaceInfo],
  eth0: [{ address: '192.168.1.5' } as NetworkInterfaceInfo, { address: 'fd00::5' } as NetworkInterfaceInfo],
}

test.each<[string, boolean]>([
  ['127.0.0.1', true],
  ['[::1]', true],
  ['Localhost.', true],
  ['host.docker.internal', true],
  ['HOST.docker.internal.', true],
  ['gateway.docker.internal', true],
  ['host.containers.internal', true],
  // the gateway of docker's bridge, and the machine in its own network
  ['172.17.0.1', true],
  ['192.168.1.5', true],
  ['[fd00::5]', true],
  // as a network of the cloud may have it
  ['172.18.0.1', false],
  ['192.168.1.6', false],
  ['host.docker.internal.example.com', false],
  ['rm-bp1.mysql.rds.aliyuncs.com', false],
  ['db', false],
  ['', false],
])('%s: %s', (host, here) => {
  expect(isThisMachine(host, interfaces)).toBe(here)
})

test.each<[string, boolean]>([
  ['', false],
  ['local', false],
  ['test', false],
  ['LTAI5tExampleExample', true],
  ['STS.NSExampleExample', true],
  ['TMP.3KeExample', true],
  ['abcdefghij123456', true],
])('the key %s may be real: %s', (id, real) => {
  expect(mayBeRealKey(id)).toBe(real)
})
