import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { OpenApiOptions } from '../../app/openapi/openapi-options.js'
import { type ContractVersion, readContract, versionOf } from '../../generate/check/read-contract.js'
import { openApiDocument } from '../../generate/openapi/open-api-document.js'
import { ProtoError } from '../../service/proto/proto-error.js'
import { readArguments } from '../arguments.js'
import { type Command, UsageError } from '../command.js'
import { isModule, loadContracts } from '../contract/load-contracts.js'
import { readSecurity, SECURITY_HELP } from './read-security.js'

const HELP = `tierkit openapi FILE-OR-FOLDER... [--out FILE]

Writes an OpenAPI 3.1 document of the services of a contract, as JSON.

  FILE-OR-FOLDER          .proto files, folders with them, and modules that export services
  --descriptor-set FILE   instead of files: what "buf build -o FILE" or "protoc -o FILE --include_imports" wrote
  --from MODULE           a module that exports services, may be repeated
  -I, --proto-path DIR    where imports are looked for, may be repeated

  -o, --out FILE          where the document goes; standard output by default
  --title TEXT            what the interface is called; the package of the first service by default
  --version TEXT          version of the interface; 0.0.0 by default
  --server URL            where it is served, may be repeated
  --method-paths WHICH    which methods have POST /package.Service/Method: without-rule (the default), all, none
  --error-body SHAPE      how errors look: status (the default), aip193, rfc9457, kratos
${SECURITY_HELP}

What the document cannot tell of is printed to standard error.

Exit code: 0 when written; 1 when the contract is wrong; 64 when the arguments are.`

const METHOD_PATHS = ['without-rule', 'all', 'none'] as const
const ERROR_BODIES = ['status', 'aip193', 'rfc9457', 'kratos'] as const

const NONE: string[] = []

const ARGUMENTS = {
  'descriptor-set': { type: 'string' },
  from: { type: 'string', multiple: true, default: NONE },
  'proto-path': { type: 'string', short: 'I', multiple: true, default: NONE },
  out: { type: 'string', short: 'o' },
  title: { type: 'string' },
  version: { type: 'string' },
  server: { type: 'string', multiple: true },
  'method-paths': { type: 'string', default: 'without-rule' },
  'error-body': { type: 'string', default: 'status' },
  security: { type: 'string', multiple: true, default: NONE },
  open: { type: 'string', multiple: true, default: NONE },
  help: { type: 'boolean', short: 'h' },
} as const

/** `tierkit openapi`: writes an OpenAPI document of a contract. */
export const openapi: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, ARGUMENTS)
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const options: OpenApiOptions = {
    title: values.title,
    version: values.version,
    servers: values.server,
    methodPaths: choice('method-paths', values['method-paths'], METHOD_PATHS),
    errorBody: choice('error-body', values['error-body'], ERROR_BODIES),
    security: readSecurity(values.security, values.open),
    onWarning: (text) => terminal.warn(text),
  }
  const { 'descriptor-set': descriptorSet, from, 'proto-path': includes, out } = values
  try {
    const contract = await readFrom({ paths: [...positionals, ...from], includes, descriptorSet })
    if (contract.files.every(({ services }) => services.length === 0)) throw new UsageError('there is no service in it')
    const text = JSON.stringify(openApiDocument(contract, options), undefined, 2)
    await terminal.print(out === undefined ? text : written(text, out))
    return 0
  } catch (error) {
    if (!(error instanceof ProtoError)) throw error
    for (const line of error.message.split('\n')) terminal.warn(line)
    return 1
  }
}

interface Source {
  readonly paths: readonly string[]
  readonly includes: readonly string[]
  readonly descriptorSet: string | undefined
}

async function readFrom({ paths, includes, descriptorSet }: Source): Promise<ContractVersion> {
  if (descriptorSet !== undefined) {
    if (paths.length > 0) throw new UsageError('files and --descriptor-set are given: one of them will do')
    return readContract({ descriptorSet })
  }
  if (paths.length === 0) throw new UsageError(`.proto files, folders or modules are missing\n\n${HELP}`)
  const modules = paths.filter(isModule)
  const files = paths.filter((path) => !isModule(path))
  const parts = [
    ...(modules.length > 0 ? [versionOf((await loadContracts(modules)) as object[])] : []),
    ...(files.length > 0 ? [readContract({ files, includes })] : []),
  ]
  return { files: parts.flatMap((part) => part.files) }
}

function written(text: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${text}\n`)
  return path
}

function choice<T extends string>(name: string, given: string, known: readonly T[]): T {
  const found = known.find((one) => one === given)
  if (found !== undefined) return found
  throw new UsageError(`--${name} is ${known.join(', ')}, not ${JSON.stringify(given)}`)
}
