import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import protobuf from 'protobufjs'
import { addBundled, isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import { factsOf, noteFile } from '../../codec/schema/file-facts.js'
import { OptionSettler } from '../../codec/schema/settle-options.js'
import { checkSyntax } from '../proto-check/check-syntax.js'
import { exactSource } from '../proto-source/exact-source.js'
import { nameGroups } from '../proto-source/group-names.js'
import { type Position, positionAt, positionOfImport } from '../proto-source/locate.js'
import { parseProblem } from '../proto-source/parse-problem.js'
import { withPartOptions } from '../proto-source/part-options.js'
import { withPlainGroups } from '../proto-source/plain-groups.js'
import { fileFacts } from '../proto-source/source-facts.js'
import { withBraces } from '../proto-source/with-braces.js'
import { parseFile } from '../proto-syntax/parse-file.js'
import { type CheckedFile, checkFiles } from './check-files.js'
import { ImportPaths, shortPath } from './import-paths.js'
import { ProtoError, type ProtoProblem } from './proto-error.js'
import type { ProtoFiles } from './proto-files.js'

/**
 * Reads files and what they import. Imports are looked for in `includes`; without any, in the folders above the
 * importing file. Throws a `ProtoError` with the problems of all files; `hint` is said of imports that are not there.
 */
export function readProtoFiles(paths: readonly string[], includes: readonly string[], hint?: string): ProtoFiles {
  const reader = new ProtoReader(includes, hint)
  const places = [...new Set(paths.map((path) => resolve(path)))].flatMap((path) => reader.request(path) ?? [])
  // A file that was asked for takes the place of a bundled one: it must be there before others import that.
  for (const place of places.filter(({ name }) => isBundled(name))) reader.read(place)
  for (const place of places) reader.read(place)
  return reader.finish(places.map(({ name }) => name))
}

/** Reads the text of one file, whose imports are looked for as above, from the current folder. */
export function readProtoSource(source: string, name: string, includes: readonly string[]): ProtoFiles {
  const reader = new ProtoReader(includes)
  reader.read({ name, path: resolve(name), source })
  return reader.finish([name])
}

/** A file that is known but not parsed yet. */
interface Place {
  readonly name: string
  /** Absolute. */
  readonly path: string
  readonly source: string
}

// The name of the file being parsed is a property of the parser itself: it must not stay there.
const parser: typeof protobuf.parse & { filename?: string | null } = protobuf.parse
// The parser tells comments of declarations from others in this mode only.
const PARSE_OPTIONS = { alternateCommentMode: true }

class ProtoReader {
  readonly #root = new protobuf.Root()
  readonly #paths: ImportPaths
  readonly #hint: string
  readonly #files = new Map<string, CheckedFile>()
  /** Names of the files that were read or are being read, with success or without. */
  readonly #seen = new Set<string>()
  readonly #problems: ProtoProblem[] = []
  /** Names by absolute path, so that a file has one name however it is reached. */
  readonly #names = new Map<string, string>()
  /** Paths of the files that were asked for although there are bundled ones of their names. */
  readonly #requested = new Map<string, string>()
  /** Names of the files that are being read, importing before imported. */
  readonly #reading: string[] = []

  constructor(includes: readonly string[], hint?: string) {
    this.#hint = hint === undefined ? '' : `; ${hint}`
    this.#paths = new ImportPaths(includes)
  }

  /** Names a file that was asked for. */
  request(path: string): Place | undefined {
    const source = this.#load(path)
    if (source === undefined) return undefined
    const name = this.#paths.nameOf(path, source)
    const twin = [...this.#names].find(([, taken]) => taken === name)
    if (twin)
      this.#report(path, undefined, `is imported as ${name}, like ${shortPath(twin[0])}: name their folders apart`)
    this.#names.set(path, name)
    if (isBundled(name)) this.#requested.set(name, path)
    return { name, path, source }
  }

  /** Parses a file and what it imports, unless that was done. */
  read({ name, path, source }: Place): void {
    if (this.#seen.has(name)) return
    this.#seen.add(name)
    this.#root.files.push(name)
    this.#reading.push(name)
    const file = this.#parse(name, path, source)
    if (file) {
      for (const imported of file.imports) this.#import(imported, file, path)
      this.#files.set(name, file)
    }
    this.#reading.pop()
  }

  /** Checks what was read. */
  finish(requested: readonly string[]): ProtoFiles {
    // After a file that could not be parsed the others would seem wrong too.
    if (this.#problems.length > 0) throw new ProtoError(this.#problems)
    this.#settle()
    const problems = checkFiles(this.#root, this.#files)
    if (problems.length > 0) throw new ProtoError(problems)
    this.#root.resolveAll()
    return { root: this.#root, files: this.#files, requested }
  }

  #parse(name: string, path: string, source: string): CheckedFile | undefined {
    // The parser takes a reserved name of an edition for an error at first, and would forget the file then.
    Object.defineProperty(parser, 'filename', { configurable: true, get: () => name, set: () => {} })
    try {
      const syntax = parseFile(source)
      const findings = checkSyntax(syntax)
      for (const { at, text } of findings) this.#report(path, positionAt(source, at), text)
      if (findings.length > 0) return undefined
      const parsed = parser(
        withPartOptions(exactSource(withPlainGroups(withBraces(source, syntax)))),
        this.#root,
        PARSE_OPTIONS,
      )
      const facts = fileFacts(source, this.#root, parsed)
      noteFile(this.#root, name, facts)
      const { imports = [], optionImports = [] } = facts
      return {
        name,
        path: shortPath(path),
        source,
        package: facts.package,
        imports: [...imports, ...optionImports],
        syntax,
        imported: new Map(),
      }
    } catch (error) {
      const { text, ...place } = parseProblem(error, source)
      this.#report(path, place, text)
      return undefined
    } finally {
      Object.defineProperty(parser, 'filename', { configurable: true, writable: true, value: null })
    }
  }

  /** Options are what they mean once everything is there that they are of. */
  #settle(): void {
    nameGroups(this.#root)
    const settler = new OptionSettler(this.#root)
    settler.all()
    for (const name of this.#files.keys()) {
      const facts = factsOf(this.#root, name)
      if (facts) noteFile(this.#root, name, { ...facts, options: settler.settle(facts.options ?? {}, facts.package) })
    }
  }

  #import(name: string, importer: CheckedFile, importerPath: string): void {
    const bundled = isBundled(name) && !this.#requested.has(name)
    const path = bundled ? undefined : (this.#requested.get(name) ?? this.#paths.find(name, importerPath))
    const known = this.#names.get(path ?? '') ?? name
    const place = positionOfImport(importer.source, name)
    importer.imported.set(name, known)
    // Names of files are also where code for them goes, which must not be outside of its folder.
    if (/^\/|\\|(^|\/)\.\.?(\/|$)/.test(name))
      this.#report(importerPath, place, `import of ${name}, which is no plain path`)
    else if (this.#reading.includes(known))
      this.#report(importerPath, place, `import of ${name} goes round in a circle`)
    else if (path !== undefined) this.#readImported(known, path)
    else if (bundled) addBundled(this.#root, name)
    else this.#report(importerPath, place, `import of ${name}, which is not in ${this.#paths.describe()}${this.#hint}`)
  }

  #readImported(name: string, path: string): void {
    const source = this.#seen.has(name) ? undefined : this.#load(path)
    if (source === undefined) return
    this.#names.set(path, name)
    this.read({ name, path, source })
  }

  #load(path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      this.#report(path, undefined, code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${code}`)
      return undefined
    }
  }

  #report(path: string, place: Position | undefined, text: string): void {
    this.#problems.push({ file: shortPath(path), line: place?.line, column: place?.column, text })
  }
}
