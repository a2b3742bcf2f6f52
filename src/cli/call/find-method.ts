import type { Method } from '../../endpoint/method.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { loadProto } from '../../service/proto.js'
import { asUsage, UsageError } from '../command.js'

/** A method, and the contract that it is of. */
export interface FoundMethod {
  readonly definition: ServiceDefinition
  /** The method's name in the definition. */
  readonly key: string
  readonly method: Method
}

/** Where contracts are read from. */
export interface ContractSource {
  /** `.proto` files. */
  readonly proto?: readonly string[] | undefined
  /** Folders to find imports in. */
  readonly 'proto-path'?: readonly string[] | undefined
}

/** The method that `pkg.Service/Method` names. Throws a `UsageError` if the contracts lack it. */
export function findMethod(path: string, { proto = [], 'proto-path': includes = [] }: ContractSource): FoundMethod {
  const [, service, name] = /^\/?([\w.]+)\/(\w+)$/.exec(path) ?? []
  if (service === undefined || name === undefined)
    throw new UsageError(`${JSON.stringify(path)} is not a method: expected pkg.Service/Method`)
  if (proto.length === 0)
    throw new UsageError('a contract is needed, for now: name its file with --proto (asking the server is to come)')
  const definition = asUsage(() => loadProto([...proto], { includes }).service(service))
  const entries = Object.entries(definition.methods)
  const found = entries.find(([key, method]) => method.name === name || key === name)
  if (found) return { definition, key: found[0], method: found[1] }
  throw new UsageError(
    `${service} has no method ${name}: it has ${entries.map(([, method]) => method.name).join(', ')}`,
  )
}
