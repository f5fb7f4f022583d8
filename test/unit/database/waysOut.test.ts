import { waysOut } from '../../../local/database/fetchServer'

test.each([
  ['linux', /^Ways out: `sudo apt-get install mariadb-server` .*`docker run /],
  ['darwin', /^Ways out: `brew install mariadb` .*`docker run /],
])('on %s', (platform, text) => {
  expect(waysOut(platform)).toMatch(text)
})
