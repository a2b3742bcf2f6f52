import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { type ContractVersion, readContract } from '../../generate/check/read-contract.js'
import { UsageError } from '../command.js'

/** A folder of a repository at one time. */
interface GitPlace {
  readonly repository: string
  readonly revision: string
  readonly folder: string
}

/** True of `.git#branch=main`, and of `.git#tag=v1,subdir=protos`. */
export function isGitPlace(text: string): boolean {
  return /\.git\/?#/.test(text)
}

/**
 * Reads the `.proto` files of a git repository at one time, without touching its work tree. Throws a `UsageError` if there is
 * no such place, or no git.
 */
export function readGitContract(text: string, includes: readonly string[]): ContractVersion {
  const place = readPlace(text)
  const copy = mkdtempSync(join(tmpdir(), 'tierkit-check-'))
  try {
    for (const { path, content } of filesOf(place)) {
      const target = join(copy, path)
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, content)
    }
    const { files, sources = new Map() } = readContract({ files: [copy], includes })
    const named = [...sources].map(([name, { path, source }]) => {
      const within = relative(copy, resolve(path))
      return [
        name,
        { source, path: within.startsWith('..') ? path : `${place.revision}:${join(place.folder, within)}` },
      ] as const
    })
    return { files, sources: new Map(named) }
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const REVISIONS = ['branch', 'tag', 'ref', 'commit']

function readPlace(text: string): GitPlace {
  const [path = '', settings = ''] = text.split('#')
  const pairs = settings.split(',').map((pair) => pair.split('=') as [string, string | undefined])
  const unknown = pairs.find(([name, value]) => (!REVISIONS.includes(name) && name !== 'subdir') || !value)
  if (unknown) throw new UsageError(`${text} is no place in git: it is like .git#branch=main,subdir=protos`)
  const revision = pairs.find(([name]) => REVISIONS.includes(name))?.[1] ?? 'HEAD'
  // What begins with a dash would be an option of git's.
  if (revision.startsWith('-')) throw new UsageError(`${JSON.stringify(revision)} is no revision`)
  const folder = pairs.find(([name]) => name === 'subdir')?.[1] ?? ''
  return { repository: path.replace(/\/$/, ''), revision, folder }
}

/** Contracts, and what buf says of them, below a folder. */
function filesOf({ repository, revision, folder }: GitPlace): { readonly path: string; readonly content: Buffer }[] {
  const listed = git(repository, [
    'ls-tree',
    '-r',
    '-z',
    '--full-tree',
    revision,
    ...(folder === '' ? [] : ['--', folder]),
  ])
  const blobs = listed
    .toString('utf8')
    .split('\0')
    .flatMap((line) => {
      const [, hash, path] = /^\d+ blob (\w+)\t(.*)$/s.exec(line) ?? []
      return hash !== undefined && path !== undefined && /(\.proto|(^|\/)buf(\.work)?\.yaml)$/.test(path)
        ? [{ hash, path }]
        : []
    })
  if (blobs.length === 0) throw new UsageError(`there is no .proto file in ${join(repository, folder)} at ${revision}`)
  let rest = git(repository, ['cat-file', '--batch'], blobs.map(({ hash }) => `${hash}\n`).join(''))
  return blobs.map(({ path }) => {
    const end = rest.indexOf('\n')
    const size = Number(rest.toString('latin1', 0, end).split(' ')[2])
    const content = rest.subarray(end + 1, end + 1 + size)
    rest = rest.subarray(end + size + 2)
    return { path: folder === '' ? path : relative(folder, path), content }
  })
}

function git(repository: string, args: readonly string[], input = ''): Buffer {
  const { stdout, stderr, status, error } = spawnSync('git', [`--git-dir=${repository}`, ...args], {
    input,
    maxBuffer: 2 ** 30,
  })
  if (error) throw new UsageError(`git cannot be run: ${error.message}`)
  if (status !== 0) throw new UsageError(`${repository}: ${stderr.toString('utf8').trim()}`)
  return stdout
}
