import type { HttpServing } from '../../transport/http/options.js'
import type { OpenApiEnvelope, OpenApiOptions } from './openapi-options.js'

/** Options that servers and documents share. */
const SHARED = ['httpRules', 'successStatus', 'errorBody', 'envelope'] as const

const UNTOLD = { description: 'What the server makes of it: the option `openApi` of the app can say.' }

/**
 * What a document says by what a server was told; `openApi` wins. Functions of the server cannot be read: what they write is of
 * any form unless `openApi` says which.
 */
export function servedOptions(serving: HttpServing, openApi: OpenApiOptions): OpenApiOptions {
  const { httpRules, successStatus, errorBody, envelope } = serving
  const look = typeof errorBody === 'function' ? { schema: UNTOLD } : errorBody
  return {
    ...openApi,
    httpRules: openApi.httpRules ?? httpRules,
    successStatus: openApi.successStatus ?? successStatus,
    errorBody: openApi.errorBody ?? look,
    envelope: openApi.envelope ?? untold(envelope),
  }
}

/** Says of servers that differ from the first that the document is not for them. */
export function warnOfOthers([first, ...others]: readonly HttpServing[], { onWarning, ...told }: OpenApiOptions): void {
  const differing = SHARED.filter(
    (name) => told[name] === undefined && others.some((one) => one[name] !== first?.[name]),
  )
  if (differing.length > 0)
    onWarning?.(`openapi: the HTTP servers differ in ${differing.join(', ')}: the document is of the first`)
}

function untold(envelope: HttpServing['envelope']): OpenApiEnvelope | undefined {
  if (!envelope) return undefined
  return {
    ...(envelope.success && { success: () => UNTOLD }),
    ...(envelope.error && { error: () => UNTOLD }),
  }
}
