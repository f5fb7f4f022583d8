import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Run } from '../../local/database/aptDownload'
import { UserError } from '../../shared/userError'

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const PROGRESS_MS = 5_000

/**
 * Downloads a package of Debian's sid with all that it depends on, as on a machine that has nothing yet. apt-get's files
 * are all in a folder of their own, so that the machine's are as they were; any user may do that.
 *
 * @param work a folder that is there
 * @returns the folder of the packages
 * @throws apt-get's error; a UserError when the machine knows no mirror of Debian
 */
export async function downloadFromSid(
  run: Run,
  name: string,
  work: string,
  report: (line: string) => void,
): Promise<string> {
  const mirror = await debianMirror(run)
  const archives = path.join(work, 'cache/archives')
  await mkdir(path.join(archives, 'partial'), { recursive: true })
  await mkdir(path.join(work, 'lists/partial'), { recursive: true })
  const write = async (file: string, text: string) => {
    await writeFile(path.join(work, file), text, { mode: 0o600 }) // the address of a mirror may hold a password
    return path.join(work, file)
  }
  const options = [
    // what the machine does after an update of its own is not for ours
    ...['-c', await write('apt.conf', '#clear APT::Update;\n')],
    ...[
      'APT::Update::Error-Mode=any',
      `Dir::Etc::sourcelist=${await write('sources.list', `deb [signed-by=${KEYRING}] ${mirror} sid main\n`)}`,
      'Dir::Etc::sourceparts=-',
      'Dir::Etc::preferences=-',
      'Dir::Etc::preferencesparts=-',
      `Dir::State=${work}`,
      `Dir::State::lists=${path.join(work, 'lists')}`,
      `Dir::State::status=${await write('status', '')}`,
      `Dir::Cache=${path.join(work, 'cache')}`,
      // whatever the machine takes unsigned, this it does not
      'APT::Get::AllowUnauthenticated=false',
      'Acquire::AllowInsecureRepositories=false',
      'Acquire::AllowWeakRepositories=false',
    ].flatMap((option) => ['-o', option]),
  ]
  const apt = (...args: string[]) => run('apt-get', [...options, ...args], work)

  report("reading what Debian's sid has …")
  await apt('update')
  const install = ['install', '--yes', '--no-install-recommends', name]
  // 'http://…/pool/…/libc6_2.43-7_amd64.deb' libc6_2.43-7_amd64.deb 1866392 SHA256:…
  const packages = [...(await apt('-qq', '--print-uris', ...install)).matchAll(/^'.+' \S+ (\d+) /gm)]
  const total = packages.reduce((sum, [, bytes]) => sum + Number(bytes), 0)
  report(`downloading ${packages.length} packages, ${megabytes(total)} MB …`)
  const progress = setInterval(
    () => void sizeOf(archives).then((bytes) => report(`${megabytes(bytes)} MB …`)),
    PROGRESS_MS,
  )
  await apt('--download-only', ...install).finally(() => clearInterval(progress))
  return archives
}

/** Where the machine itself has Debian from. Of others' packages some are for Debian, too, and lie in a folder so named. */
async function debianMirror(run: Run): Promise<string> {
  const filters = ['Identifier: Packages', 'Component: main', 'Label: Debian']
  const [labelled] = (await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', ...filters], '/')).split('\n')
  if (labelled) return labelled
  // it has no lists yet, which is where labels are
  const files = await run('apt-get', ['update', '--print-uris'], '/')
  const mirrors = [...files.matchAll(/^'(.+)\/dists\/[^/]+\/InRelease' /gm)].map(([, mirror = '']) => mirror)
  const named = mirrors.find((mirror) => mirror.includes('/debian') && !mirror.endsWith('-security'))
  if (named === undefined) throw new UserError("this machine's apt-get knows no mirror of Debian")
  return named
}

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = names.map((name) =>
    stat(path.join(folder, name)).then(
      (file) => (file.isFile() ? file.size : 0),
      () => 0, // moved out of `partial` in the meantime
    ),
  )
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0)
}
