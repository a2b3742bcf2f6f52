import { existsSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'

/** Where files are imported from. */
export class ImportPaths {
  /** Folders that imports are relative to, absolute; empty to look in the folders above the importing file. */
  readonly #includes: readonly string[]

  constructor(includes: readonly string[]) {
    this.#includes = includes.map((folder) => resolve(folder))
  }

  /** The path of an imported file; `undefined` if there is none. */
  find(name: string, importer: string): string | undefined {
    const folders = this.#includes.length > 0 ? this.#includes : foldersAbove(importer)
    return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  }

  /** What a file is imported as. Without includes its folders are taken to be those of its package. */
  nameOf(path: string, source: string): string {
    for (const folder of this.#includes) {
      if (path.startsWith(folder + sep)) return relative(folder, path).split(sep).join('/')
    }
    const [, pkg = ''] = /^\s*package\s+([\w.]+)\s*;/m.exec(source) ?? []
    const folder = pkg.split('.').join(sep)
    return dirname(path).endsWith(sep + folder) ? join(folder, basename(path)).split(sep).join('/') : basename(path)
  }

  /** Where imports are looked for, for people. */
  describe(): string {
    return this.#includes.length > 0 ? this.#includes.map(shortPath).join(', ') : 'the folders above the file'
  }
}

/** A path as one would type it here. */
export function shortPath(path: string): string {
  const short = relative('', path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

function foldersAbove(file: string): string[] {
  const folder = dirname(file)
  return folder === file ? [] : [folder, ...(folder === dirname(folder) ? [] : foldersAbove(folder))]
}
