import type { Method } from '../../endpoint/method.js'
import type { ServiceDefinition } from '../../service/definition.js'
import type { ProtoFiles } from '../../service/proto/proto-files.js'
import { contractOf } from '../../service/proto.js'
import { asUsage, UsageError } from '../command.js'
import type { ServerReflection } from '../contract/server-reflection.js'

/** A method, and the contract that it is of. */
export interface FoundMethod {
  readonly definition: ServiceDefinition
  /** The method's name in the definition. */
  readonly key: string
  readonly method: Method
}

/** A method by its names. */
export interface MethodName {
  readonly service: string
  readonly name: string
}

/** Reads `pkg.Service/Method`. */
export function readMethodName(path: string): MethodName {
  const [, service, name] = /^\/?([\w.]+)\/(\w+)$/.exec(path) ?? []
  if (service === undefined || name === undefined)
    throw new UsageError(`${JSON.stringify(path)} is not a method: expected pkg.Service/Method`)
  return { service, name }
}

/** Looks for a method in a contract. Throws a `UsageError` if the contract lacks it. */
export function findMethod({ service, name }: MethodName, files: ProtoFiles): FoundMethod {
  const definition = asUsage(() => contractOf(files).service(service))
  const entries = Object.entries(definition.methods)
  const found = entries.find(([key, method]) => method.name === name || key === name)
  if (found) return { definition, key: found[0], method: found[1] }
  throw new UsageError(
    `${service} has no method ${name}: it has ${entries.map(([, method]) => method.name).join(', ')}`,
  )
}

/** Asks a server for the contract of a service. Throws a `UsageError` if it has none of the name. */
export async function askForService(service: string, reflection: ServerReflection): Promise<ProtoFiles> {
  const files = await reflection.filesOf(service)
  if (files) return files
  const there = await reflection.services()
  throw new UsageError(`the server has no service ${JSON.stringify(service)}: there are ${there.join(', ')}`)
}
