import type { Logger } from '../../observability/logger.js'
import type { Service } from '../../service/definition.js'
import type { AppServer } from '../servers.js'
import type { OpenApiDocument } from './document-types.js'
import type { OpenApiOptions } from './openapi-options.js'
import { checkSecurity } from './security.js'
import { servedOptions, warnOfOthers } from './served-options.js'

/** What an app says of itself, and of the document. */
export interface AppDocumentInit {
  readonly name: string
  readonly version?: string | undefined
  readonly servers?: readonly AppServer[] | undefined
  readonly openApi?: OpenApiOptions | false | undefined
  readonly logger?: Logger | undefined
  /** URLs under which others reach the servers. */
  urls(): readonly string[]
}

/**
 * The OpenAPI document of an app's services, as the HTTP servers of the app serve them. It is made when it is first asked for, and
 * anew when the servers have moved. `undefined` for an app that has no services, serves no HTTP, or is to tell of none. Throws a
 * `TypeError` for security that makes no sense.
 */
export function appDocument(
  init: AppDocumentInit,
  services: readonly Service[],
): (() => Promise<OpenApiDocument>) | undefined {
  const { name, version, servers = [], openApi, logger } = init
  const silent = openApi === undefined && servers.every(({ servesHttp }) => servesHttp === false)
  if (openApi === false || services.length === 0 || silent) return undefined
  if (openApi?.security) checkSecurity(openApi.security)
  const onWarning = (text: string): void => logger?.warn(text)
  const told: OpenApiOptions = { title: name, version, onWarning, ...openApi }
  const serving = servers.flatMap(({ servesHttp }) => servesHttp || [])
  const options = servedOptions(serving[0] ?? {}, told)
  warnOfOthers(serving, told)
  let made: { readonly at: string; readonly document: Promise<OpenApiDocument> } | undefined
  return () => {
    const urls = init.urls().filter((url) => /^https?:/.test(url))
    const at = urls.join(' ')
    if (made?.at !== at) made = { at, document: make(services, { ...options, servers: told.servers ?? listed(urls) }) }
    return made.document
  }
}

function listed(urls: readonly string[]): readonly string[] | undefined {
  return urls.length > 0 ? urls : undefined
}

async function make(services: readonly Service[], options: OpenApiOptions): Promise<OpenApiDocument> {
  // Most apps are never asked.
  const [{ definitionFiles }, { documentOf }] = await Promise.all([
    import('../../service/proto-schema/definition-files.js'),
    import('./document.js'),
  ])
  return documentOf(definitionFiles(services.map(({ definition }) => definition)), options)
}
