import type { Service } from '../definition.js'
import { implement } from '../implement.js'
import { definitionFiles } from '../proto-schema/definition-files.js'
import { toService } from '../to-service.js'
import { answer, type Reflected } from './answer.js'
import { contractToDescriptors } from './contract-to-descriptors.js'
import {
  type ReflectionRequest,
  type ReflectionResponse,
  reflectionAlphaContract,
  reflectionContract,
} from './reflection-contract.js'
import { SymbolTable } from './symbol-table.js'
import { untilAborted } from './until-aborted.js'

/**
 * Serves what services are, and what their messages are: `grpc.reflection.v1` and `v1alpha`, for grpcurl, Postman and
 * `tierkit call`. Services are what `toService` takes; reflection tells of itself too.
 *
 * Whoever may call it learns the whole contract. Services with a codec that says nothing of its message are listed only.
 * Streams end, with `OK`, once `signal` aborts, so that a drain does not wait for clients that keep theirs open.
 */
export function reflectionServices(
  services: readonly object[],
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Service[] {
  let known: Reflected | undefined
  const reflected = (): Reflected => {
    known ??= reflect(services)
    return known
  }
  const serverReflectionInfo = (requests: AsyncIterable<ReflectionRequest>): AsyncIterable<ReflectionResponse> =>
    answers(untilAborted(requests, signal), reflected())
  return [
    implement(reflectionContract, { serverReflectionInfo }),
    implement(reflectionAlphaContract, { serverReflectionInfo }),
  ]
}

/** Described when somebody first asks. */
function reflect(services: readonly object[]): Reflected {
  const own = [reflectionContract, reflectionAlphaContract]
  const definitions = [...services.map((service) => toService(service).definition), ...own]
  return {
    services: [...new Set(definitions.map(({ name }) => name))].sort(),
    index: new SymbolTable(contractToDescriptors(definitionFiles(definitions))),
  }
}

async function* answers(
  requests: AsyncIterable<ReflectionRequest>,
  reflected: Reflected,
): AsyncGenerator<ReflectionResponse> {
  const sent = new Set<string>()
  for await (const request of requests) yield answer(request, reflected, sent)
}
