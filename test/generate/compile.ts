import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The strictest settings there are; `tierkit` means the sources here. */
const settings = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['ES2023', 'ESNext.Disposable'],
  types: ['node'],
  typeRoots: [`${root}node_modules/@types`],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  isolatedModules: true,
  isolatedDeclarations: true,
  allowImportingTsExtensions: true,
  declaration: true,
  noEmit: true,
  skipLibCheck: true,
  paths: { 'tierkit/*': [`${root}src/*/index.ts`] },
}

/** What the compiler in TypeScript, version 6, objects to in files. */
export function problemsIn(paths: readonly string[]): string[] {
  const { options } = ts.convertCompilerOptionsFromJson(settings, root)
  const program = ts.createProgram(paths, options)
  const files = paths.map((path) => program.getSourceFile(path)).filter((file) => file !== undefined)
  return files
    .flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
      ...program.getDeclarationDiagnostics(file),
    ])
    .map(({ file, start = 0, messageText }) => {
      const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
      return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
}

/** What the native compiler, version 7, objects to in files; those are in one folder, where its settings go. */
export function nativeProblemsIn(paths: readonly string[]): string[] {
  const folder = paths.map((path) => dirname(path)).reduce((a, b) => (a.length < b.length ? a : b))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: settings, files: paths }))
  const tsc = join(root, 'node_modules/typescript-7/bin/tsc')
  const args = [tsc, '-p', folder, '--pretty', 'false']
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
  if (status === null || (status !== 0 && stdout === '')) throw new Error(`the compiler failed: ${stderr}`)
  // The sources of tierkit are checked with its own settings, elsewhere.
  const own = stdout.split('\n').filter((line) => /^\S.*\(\d+,\d+\): error/.test(line) && !line.includes(root))
  return own.filter((line) => !line.startsWith('..'))
}
