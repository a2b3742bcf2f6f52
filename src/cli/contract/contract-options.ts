import { readInput } from '../../generate/input/read-input.js'
import type { ProtoFiles } from '../../service/proto/proto-files.js'
import { asUsage, UsageError } from '../command.js'

/** What the help of a command says of them. */
export const CONTRACT_HELP = `  --proto PATH        the contract: a .proto file, or a folder of them; may be repeated
  --descriptor-set FILE
                      the contract as buf build -o or protoc --include_imports -o writes it
  -I, --proto-path DIR
                      where imports are looked for, may be repeated; by default in the folders above a file
                      Without a contract the server is asked for it (gRPC reflection).`

/** Options that say where a contract is. */
export const CONTRACT_OPTIONS = {
  proto: { type: 'string', multiple: true },
  'descriptor-set': { type: 'string' },
  'proto-path': { type: 'string', short: 'I', multiple: true },
} as const

/** Where contracts are read from. */
export interface ContractArguments {
  readonly proto?: readonly string[] | undefined
  readonly 'descriptor-set'?: string | undefined
  readonly 'proto-path'?: readonly string[] | undefined
}

/** Reads the contract that was named; `undefined` if none was. Throws a `UsageError` if it cannot be read. */
export function namedContract(args: ContractArguments): ProtoFiles | undefined {
  const { proto = [], 'proto-path': includes = [], 'descriptor-set': descriptorSet } = args
  if (proto.length > 0 || descriptorSet !== undefined)
    return asUsage(() => readInput({ files: proto, includes, descriptorSet }))
  if (includes.length > 0) throw new UsageError('--proto-path says where to look for imports: --proto is missing')
  return undefined
}

/** Throws a `UsageError` if a server at a target cannot be asked for its contract. */
export function checkAskable(target: string): void {
  if (/^https?:/i.test(target))
    throw new UsageError('only gRPC servers can be asked for their contract: name it with --proto')
}
