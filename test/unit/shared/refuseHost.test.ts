import { refuseHost } from '../../../shared/ownServer'

test.each<[string, number, string, Record<string, string>, boolean]>([
  ['127.0.0.1', 8080, '/', { host: '127.0.0.1:8080' }, true],
  ['localhost', 8080, '/', { host: 'localhost:8080' }, true],
  ['localhost, in capitals', 8080, '/', { host: 'LocalHost:8080' }, true],
  ['the IPv6 loopback', 8080, '/', { host: '[::1]:8080' }, true],
  ['another host name', 8080, '/', { host: 'attacker.example' }, false],
  ['another address of the loopback network', 8080, '/', { host: '127.0.0.2:8080' }, true],
  ['a name that ends in a dot', 8080, '/', { host: 'localhost.:8080' }, true],
  ['a name under localhost', 8080, '/', { host: 'app.localhost:8080' }, true],
  ['another port, as behind s local start', 9000, '/', { host: 'localhost:9001' }, true],
  ['another port by IPv6', 9000, '/', { host: '[::1]:9001' }, true],
  ['no port', 8080, '/', { host: '127.0.0.1' }, true],
  ['the machine, from a container', 8080, '/', { host: 'host.docker.internal:8080' }, true],
  ['the machine, from a container of Podman', 8080, '/', { host: 'host.containers.internal:8080' }, true],
  ['another machine', 8080, '/', { host: '192.168.1.2:8080' }, false],
  ['any address', 8080, '/', { host: '0.0.0.0:8080' }, false],
  ['a name that begins like one of ours', 8080, '/', { host: '127.0.0.1.attacker.example:8080' }, false],
  ['a name that ends like one of ours', 8080, '/', { host: 'attackerlocalhost:8080' }, false],
  ['a name with a user before it', 8080, '/', { host: 'localhost:8080@attacker.example' }, false],
  ['an address behind a name', 8080, '/', { host: 'attacker.example[::1]' }, false],
  ['a port that is none', 8080, '/', { host: 'localhost:x' }, false],
  ['no host', 8080, '/', {}, false],
  ['no port on port 80', 80, '/', { host: '127.0.0.1' }, true],
  ['the port on port 80', 80, '/', { host: 'localhost:80' }, true],
  ['our page on port 80', 80, '/', { host: 'localhost', origin: 'http://localhost' }, true],
  ['another host name on port 80', 80, '/', { host: 'attacker.example' }, false],
  ['our own page', 8080, '/', { host: 'localhost:8080', origin: 'http://127.0.0.1:8080' }, true],
  ['a page of another origin', 8080, '/', { host: 'localhost:8080', origin: 'https://attacker.example' }, false],
  ['our own page through another port', 8080, '/', { host: 'localhost:9090', origin: 'http://localhost:9090' }, true],
  ['a page of another server here', 8080, '/', { host: 'localhost:8080', origin: 'http://localhost:3000' }, false],
  ['its page, by another port', 8080, '/', { host: 'localhost:9090', origin: 'http://localhost:3000' }, false],
  ['a page over TLS', 8080, '/', { host: 'localhost:8080', origin: 'https://localhost:8080' }, false],
  ['a page of an opaque origin', 8080, '/', { host: 'localhost:8080', origin: 'null' }, false],
  ['the tunnel, to the webhook', 8080, '/webhook/putEvents', { host: 'tunnel.example.org' }, true],
  ['the tunnel in capitals', 8080, '/webhook/putEvents', { host: 'Tunnel.example.org' }, true],
  ['another host name, to the webhook', 8080, '/webhook/putEvents', { host: 'attacker.example' }, false],
  ['the tunnel, to the trace page', 8080, '/', { host: 'tunnel.example.org' }, false],
  ['the tunnel, to the API', 8080, '/openapi/putEvents', { host: 'tunnel.example.org' }, false],
])('%s, port %i, %s', (_, port, url, headers, served) => {
  expect(refuseHost({ url, headers }, port, { host: 'tunnel.example.org', hint: '' }) === undefined).toBe(served)
})

test('where there is no tunnel, a Host that is none reaches the webhook no more than anything else', () => {
  const request = { url: '/webhook/putEvents', headers: { host: 'a b:c' } }
  expect(refuseHost(request, 8080)).toBe('This host is not served. Use http://127.0.0.1:8080.')
})

test('where there may be one, how it is named is told, and a request of no URL is none for it', () => {
  const hint = 'the host of WEBHOOK_HOST'
  const refused = `This host is not served. Use http://127.0.0.1:8080, or ${hint}.`
  const request = { headers: { host: 'tunnel.example.org' } }
  expect(refuseHost({ ...request, url: '/webhook/x' }, 8080, { host: undefined, hint })).toBe(refused)
  expect(refuseHost({ ...request, url: undefined }, 8080, { host: 'tunnel.example.org', hint })).toBe(refused)
})

/** A browser says so of what a page does: no page can write these headers itself. */
const of = (site: string, mode: string, dest: string) => ({
  'sec-fetch-site': site,
  'sec-fetch-mode': mode,
  'sec-fetch-dest': dest,
})
const SIGNED = '/?Action=DeleteEventBus&EventBusName=dingtalk&AccessKeyId=local&Signature=x'

test.each<[what: string, method: string, url: string, headers: Record<string, string>, served: boolean]>([
  ['a picture of another site that deletes', 'GET', SIGNED, of('cross-site', 'no-cors', 'image'), false],
  ['a script of another site', 'GET', SIGNED, of('cross-site', 'no-cors', 'script'), false],
  ['a page of another port', 'GET', SIGNED, of('same-site', 'no-cors', 'image'), false],
  ['a link of another site that deletes', 'GET', SIGNED, of('cross-site', 'navigate', 'document'), false],
  ['the same, escaped', 'GET', SIGNED.replace('Sig', '%53ig'), of('cross-site', 'navigate', 'document'), false],
  ['a link of another site to data', 'GET', '/trace/events', of('cross-site', 'navigate', 'document'), false],
  ['a link to a queue', 'GET', '/queues/q/messages', of('cross-site', 'navigate', 'document'), false],
  [
    'a link to the loopback DingTalk',
    'GET',
    '/dingtalk/oapi/gettoken',
    of('cross-site', 'navigate', 'document'),
    false,
  ],
  ['a frame of another site', 'GET', '/', of('cross-site', 'navigate', 'iframe'), false],
  ['a form of another site', 'POST', '/', of('cross-site', 'navigate', 'document'), false],
  ['a HEAD of another site', 'HEAD', SIGNED, of('cross-site', 'no-cors', 'empty'), false],
  ['a web socket of another site', 'GET', '/', of('cross-site', 'websocket', 'empty'), false],
  ['a picture, in capitals', 'GET', SIGNED, of('Cross-Site', 'no-cors', 'image'), false],
  ['a link of another site to the trace page', 'GET', '/?lang=zh', of('cross-site', 'navigate', 'document'), true],
  ['a link to the organisation', 'GET', '/organisation', of('cross-site', 'navigate', 'document'), true],
  ['what only loads a page', 'GET', '/', of('cross-site', 'no-cors', 'document'), false],
  [
    'a link that has an origin',
    'GET',
    '/',
    { ...of('cross-site', 'navigate', 'document'), origin: 'https://attacker.example' },
    false,
  ],
  ['our own page', 'GET', '/trace/events', of('same-origin', 'cors', 'empty'), true],
  ['what is typed', 'GET', '/trace/events', of('none', 'navigate', 'document'), true],
  [
    'our own page by another of our names',
    'POST',
    '/trace/map',
    { ...of('cross-site', 'cors', 'empty'), origin: 'http://localhost:8080' },
    true,
  ],
  ['curl, and every SDK', 'GET', SIGNED, {}, true],
])('%s, %s %s', (_, method, url, headers, served) => {
  const request = { method, url, headers: { host: '127.0.0.1:8080', ...headers } }
  expect(refuseHost(request, 8080) === undefined).toBe(served)
})
