import { appendFields, fieldText, isCarried, isSingle } from '../../grpc-wire/fields.js'
import { fieldBytes, headerBudget } from '../../grpc-wire/frame/header-budget.js'
import { Code, Metadata, RpcError } from '../../kernel.js'
import type { HeaderList } from '../error.js'

/** Beside those of gRPC: what HTTP, browsers and Connect keep to themselves, in either direction. */
const OWN = /^(connect-|access-control-|(accept|allow|content-encoding|expect|trailer|www-authenticate|x-grpc-web)$)/

/** The metadata of a request: its headers under their own names, as Node gives them raw. */
export function readMetadata(rawHeaders: readonly string[]): Metadata {
  const metadata = new Metadata()
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? ''
    if (!OWN.test(name)) appendFields([name, rawHeaders[at + 1] ?? ''], () => metadata)
  }
  return metadata
}

/** Metadata as headers, each name behind a prefix. */
export function metadataFields(metadata: Metadata, prefix = ''): HeaderList {
  const fields: [string, string][] = []
  for (const [name, values] of metadata) {
    if (!isCarried(name) || OWN.test(name)) continue
    const texts = values.map(fieldText)
    for (const text of isSingle(name) ? [texts.join(', ')] : texts) fields.push([prefix + name, text])
  }
  return fields
}

/** How many bytes of headers every client takes, as HTTP/2 counts them. */
const BUDGET = headerBudget(undefined)

/** Whether headers are no more than clients take. */
export function fits(fields: HeaderList): boolean {
  return fieldBytes(fields.flat()) <= BUDGET
}

/** Throws `RESOURCE_EXHAUSTED` for headers that do not fit. */
export function checkHeaders(fields: HeaderList): void {
  if (fits(fields)) return
  throw new RpcError(Code.RESOURCE_EXHAUSTED, `the response metadata is over the limit of ${BUDGET} bytes`)
}
