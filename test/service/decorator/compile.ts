import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'
import ts from 'typescript'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../../..')

/** What a compiler made of a fixture. */
export interface Compiled {
  readonly text: string
  /** What the compiler complains about, one per problem. */
  readonly problems: readonly string[]
}

/** Checks and compiles a fixture with tsc, by the options of this project and `changed` ones. */
export function compileWithTsc(fixture: string, changed: ts.CompilerOptions): Compiled {
  const file = join(here, fixture)
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
  const program = ts.createProgram([file], { ...options, ...changed, noEmit: false })
  const source = program.getSourceFile(file)
  const diagnostics = [...program.getOptionsDiagnostics(), ...program.getSemanticDiagnostics(source)]
  let text = ''
  program.emit(source, (_name, output) => {
    text = output
  })
  return { text, problems: diagnostics.map(describe) }
}

function describe({ file, start = 0, messageText }: ts.Diagnostic): string {
  const line = (file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1
  return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
}

/** Compiles a fixture with esbuild, as tsx and vitest do. */
export async function compileWithEsbuild(fixture: string, experimentalDecorators: boolean): Promise<Compiled> {
  const source = await readFile(join(here, fixture), 'utf8')
  const tsconfigRaw = { compilerOptions: { experimentalDecorators } }
  const { code } = await transform(source, { loader: 'ts', target: 'es2022', format: 'esm', tsconfigRaw })
  return { text: code, problems: [] }
}
