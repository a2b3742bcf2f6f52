import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { ProtoError } from '../../service/proto/proto-error.js'
import { type PlainYaml, readPlainYaml } from './plain-yaml.js'

/** What `buf.yaml` and `buf.work.yaml` say of where `.proto` files are. */
export interface BufWorkspace {
  /** Folders that imports are relative to, absolute. */
  readonly roots: readonly string[]
  /** Folders and files that are left out, absolute. */
  readonly excludes: readonly string[]
  /** What else is imported from, with the file that says so: `buf.build/acme/types`. */
  readonly deps: readonly { readonly name: string; readonly file: string }[]
}

/**
 * The workspace that a file or folder is in: that of the nearest `buf.yaml` (v1, v1beta1 or v2) or `buf.work.yaml` above.
 * `undefined` if there is none. Throws a `ProtoError` if such a file cannot be understood.
 */
export function bufWorkspace(path: string): BufWorkspace | undefined {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? resolve(path) : dirname(resolve(path))
  let own: BufWorkspace | undefined
  for (const above of foldersFrom(folder)) {
    const work = readConfig(join(above, 'buf.work.yaml'))
    if (work) {
      const members = listOf(work.content.directories).map((name) => join(above, name))
      if (!own || members.some((member) => own?.roots.includes(member))) return together(members.map(moduleAt))
    }
    const config = own ? undefined : readConfig(join(above, 'buf.yaml'))
    if (config) own = config.content.version === 'v2' ? workspaceOf(config) : moduleAt(above)
    if (own && config?.content.version === 'v2') return own
  }
  return own
}

/** A configuration that was read. */
interface Config {
  readonly file: string
  readonly content: { readonly [key: string]: PlainYaml }
}

/** The modules of a `buf.yaml` of v2. */
function workspaceOf({ file, content }: Config): BufWorkspace {
  const folder = dirname(file)
  const modules = Array.isArray(content.modules) ? (content.modules as PlainYaml[]).map(mappingOf) : [{}]
  return {
    roots: modules.map(({ path = '.' }) => join(folder, String(path))),
    excludes: modules.flatMap(({ excludes }) => listOf(excludes).map((name) => join(folder, name))),
    deps: listOf(content.deps).map((name) => ({ name, file })),
  }
}

/** A folder as a module of v1 or v1beta1, with `buf.yaml` or without. */
function moduleAt(folder: string): BufWorkspace {
  const config = readConfig(join(folder, 'buf.yaml'))
  if (!config) return { roots: [folder], excludes: [], deps: [] }
  const { file, content } = config
  const build = mappingOf(content.build)
  const roots = listOf(build.roots)
  return {
    roots: (roots.length > 0 ? roots : ['.']).map((name) => join(folder, name)),
    excludes: listOf(build.excludes).map((name) => join(folder, name)),
    deps: listOf(content.deps).map((name) => ({ name, file })),
  }
}

function together(workspaces: readonly BufWorkspace[]): BufWorkspace {
  return {
    roots: workspaces.flatMap(({ roots }) => roots),
    excludes: workspaces.flatMap(({ excludes }) => excludes),
    deps: workspaces.flatMap(({ deps }) => deps),
  }
}

const VERSIONS = ['v1beta1', 'v1', 'v2']

function readConfig(file: string): Config | undefined {
  if (!existsSync(file)) return undefined
  const fail = (text: string): never => {
    const path = relative('', file)
    throw new ProtoError([{ file: path.startsWith('..') ? file : path, line: undefined, text }])
  }
  try {
    const content = mappingOf(readPlainYaml(readFileSync(file, 'utf8')))
    if (VERSIONS.includes(String(content.version))) return { file, content }
    return fail(`its version is ${JSON.stringify(content.version ?? '')}, not one of ${VERSIONS.join(', ')}`)
  } catch (error) {
    if (error instanceof ProtoError) throw error
    return fail(`cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

function mappingOf(value: PlainYaml | undefined): { readonly [key: string]: PlainYaml } {
  return typeof value === 'object' && !Array.isArray(value) ? (value as { readonly [key: string]: PlainYaml }) : {}
}

function listOf(value: PlainYaml | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function foldersFrom(folder: string): string[] {
  const above = dirname(folder)
  return above === folder ? [folder] : [folder, ...foldersFrom(above)]
}

/** True if a path is a folder, or in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
