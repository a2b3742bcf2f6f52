import type { Service } from '../../service/definition.js'
import type { OpenApiDocument } from './document-types.js'
import type { OpenApiOptions } from './openapi-options.js'

/** What an app says of itself, and of the document. */
export interface AppDocumentOptions {
  readonly name: string
  readonly version?: string | undefined
  readonly openApi?: OpenApiOptions | false | undefined
}

/**
 * The OpenAPI document of an app's services, made when it is first asked for; `undefined` for an app that has no services, or is
 * to tell of none.
 */
export function appDocument(
  { name, version, openApi }: AppDocumentOptions,
  services: readonly Service[],
): (() => Promise<OpenApiDocument>) | undefined {
  if (openApi === false || services.length === 0) return undefined
  let made: Promise<OpenApiDocument> | undefined
  return () => {
    made ??= make(services, { title: name, version, ...openApi })
    return made
  }
}

async function make(services: readonly Service[], options: OpenApiOptions): Promise<OpenApiDocument> {
  // Most apps are never asked.
  const [{ definitionFiles }, { documentOf }] = await Promise.all([
    import('../../service/proto-schema/definition-files.js'),
    import('./document.js'),
  ])
  return documentOf(definitionFiles(services.map(({ definition }) => definition)), options)
}
