import { missingLibraries, packagesOf } from '../../../local/database/fetchServer'

const LDD = `	linux-vdso.so.1 (0x00007f84baa00000)
	liburing.so.2 => not found
	libaio.so.1t64 => not found
	libnuma.so.1 => /lib/x86_64-linux-gnu/libnuma.so.1 (0x00007f84ba9e2000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f84baa02000)
`

test('the missing libraries are those that ldd does not find', async () => {
  expect(await missingLibraries(() => Promise.resolve(LDD), '/x/mariadbd')).toEqual(['liburing.so.2', 'libaio.so.1t64'])
})

test.each([
  ['Debian 12', ['libaio.so.1', 'libnuma.so.1', 'liburing.so.2'], ['libaio1', 'libnuma1', 'liburing2']],
  ['both libraries of one package', ['libssl.so.3', 'libcrypto.so.3'], ['libssl3']],
])('their packages, older names: %s', (_, sonames, packages) => {
  expect(packagesOf(sonames)[0]).toEqual(packages)
})

test('their packages, newer names: where there is none it is the older', () => {
  const [, newer] = packagesOf(['libssl.so.3', 'libaio.so.1t64', 'liburing.so.2'])
  expect(newer).toEqual(['libssl3t64', 'libaio1t64', 'liburing2'])
})

test('a library that we know no package of is named', () => {
  expect(() => packagesOf(['libfoo.so.7'])).toThrow(
    expect.objectContaining({ name: 'UserError', message: expect.stringMatching(/libfoo\.so\.7.*MYSQL_HOST/) }),
  )
})
