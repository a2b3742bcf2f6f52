import { documentOf } from '../../app/openapi/document.js'
import type { OpenApiDocument } from '../../app/openapi/document-types.js'
import type { OpenApiOptions } from '../../app/openapi/openapi-options.js'
import { type ContractVersion, versionOf } from '../check/read-contract.js'
import type { ContractSource } from '../proto/contract-of.js'

/**
 * Describes services as an OpenAPI 3.1 document: those of a contract that `readContract` has read, or of definitions, services and
 * classes. The same contract gives the same document, so that it can be committed and compared.
 *
 * Throws an `Error` that names the method whose HTTP rule makes no sense.
 */
export function openApiDocument(
  contract: ContractVersion | readonly ContractSource[],
  options: OpenApiOptions = {},
): OpenApiDocument {
  return documentOf(versionOf(contract).files, options)
}
