/** What a person can do when no database can be had by ourselves; the end of an error's one line. */
export function waysOut(platform: string = process.platform): string {
  const install = platform === 'linux' ? 'sudo apt-get install mariadb-server' : 'brew install mariadb'
  return (
    `Ways out: \`${install}\` (or any package of MariaDB or MySQL); or ` +
    '`docker run -d -p 127.0.0.1:3306:3306 -e MARIADB_ROOT_PASSWORD=local mariadb:10.11` with ' +
    'MYSQL_HOST=127.0.0.1 MYSQL_PORT=3306 MYSQL_USER=root MYSQL_PASSWORD=local; or MYSQL_HOST and the other MYSQL_* of ' +
    'a server of your own'
  )
}
