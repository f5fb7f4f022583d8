import { refuseHost } from '../../../local/gateway/origin'

test.each<[string, number, string, Record<string, string>, boolean]>([
  ['127.0.0.1', 8080, '/', { host: '127.0.0.1:8080' }, true],
  ['localhost', 8080, '/', { host: 'localhost:8080' }, true],
  ['localhost, in capitals', 8080, '/', { host: 'LocalHost:8080' }, true],
  ['the IPv6 loopback', 8080, '/', { host: '[::1]:8080' }, true],
  ['another host name', 8080, '/', { host: 'attacker.example' }, false],
  ['another port', 8080, '/', { host: '127.0.0.1:1' }, false],
  ['no port', 8080, '/', { host: '127.0.0.1' }, false],
  ['no host', 8080, '/', {}, false],
  ['no port on port 80', 80, '/', { host: '127.0.0.1' }, true],
  ['the port on port 80', 80, '/', { host: 'localhost:80' }, true],
  ['our page on port 80', 80, '/', { host: 'localhost', origin: 'http://localhost' }, true],
  ['another host name on port 80', 80, '/', { host: 'attacker.example' }, false],
  ['our own page', 8080, '/', { host: 'localhost:8080', origin: 'http://127.0.0.1:8080' }, true],
  ['a page of another origin', 8080, '/', { host: 'localhost:8080', origin: 'https://attacker.example' }, false],
  ['a page of an opaque origin', 8080, '/', { host: 'localhost:8080', origin: 'null' }, false],
  ['the tunnel, to the webhook', 8080, '/webhook/putEvents', { host: 'tunnel.example.org' }, true],
  ['the tunnel in capitals', 8080, '/webhook/putEvents', { host: 'Tunnel.example.org' }, true],
  ['the tunnel, to the trace page', 8080, '/', { host: 'tunnel.example.org' }, false],
  ['the tunnel, to the API', 8080, '/openapi/putEvents', { host: 'tunnel.example.org' }, false],
])('%s, port %i, %s', (_, port, url, headers, served) => {
  expect(refuseHost({ url, headers }, port, 'tunnel.example.org') === undefined).toBe(served)
})
