import { statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isContractSource } from '../../generate/proto/contract-of.js'
import { messageOf, UsageError } from '../command.js'

const MODULES = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs']

/** True of a path that code is in. */
export function isModule(path: string): boolean {
  return MODULES.includes(extname(path))
}

/**
 * The services and messages that modules export, in lists and objects too. The modules are imported, that is, run. Throws a
 * `UsageError` if one cannot be, or exports no contract.
 */
export async function loadContracts(paths: readonly string[]): Promise<unknown[]> {
  const loaded: unknown[] = []
  for (const path of paths) {
    const found = [...contractsIn(await load(path), 0)]
    if (found.length === 0) throw new UsageError(`${path} exports no contract: no service, and no message`)
    loaded.push(...found)
  }
  return [...new Set(loaded)]
}

async function load(path: string): Promise<object> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new UsageError(`there is no file ${path}`)
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as object
  } catch (error) {
    throw new UsageError(`${path} cannot be loaded: ${messageOf(error)}${hintOf(path, error)}`)
  }
}

/** Why Node may not understand TypeScript. */
function hintOf(path: string, error: unknown): string {
  const { code } = error as { readonly code?: string }
  const foreign =
    code === 'ERR_UNKNOWN_FILE_EXTENSION' || code?.endsWith('_TYPESCRIPT_SYNTAX') || error instanceof SyntaxError
  if (!foreign || !/ts$/.test(path)) return ''
  const tsx = 'run it with tsx: node --import tsx node_modules/tierkit/dist/cli/main.js'
  return `\nNode ${process.version} cannot read it as it is: ${tsx}, or name what it is compiled to`
}

/** Exports are nested as far as people nest them: `export default { services: [Orders] }`. */
function* contractsIn(value: object, depth: number): Generator<unknown> {
  if (isContractSource(value)) yield value
  else if (depth < 3 && isPlain(value))
    for (const inner of Object.values(value)) {
      if ((typeof inner === 'object' && inner !== null) || typeof inner === 'function')
        yield* contractsIn(inner, depth + 1)
    }
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Array.isArray(value)
}
