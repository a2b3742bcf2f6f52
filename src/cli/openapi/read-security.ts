import { readFileSync } from 'node:fs'
import type { OpenApiSecurity } from '../../app/openapi/openapi-options.js'
import { checkSecurity } from '../../app/openapi/security.js'
import { messageOf, UsageError } from '../command.js'

/** What the help of `tierkit openapi` says of them. */
export const SECURITY_HELP = `  --security SCHEME       who may call; may be repeated, and any one will do:
                          bearer, jwt, basic, mtls, api-key:HEADER, api-key:query:NAME, api-key:cookie:NAME, openid:URL,
                          or a JSON file for all else: { "schemes": { NAME: SCHEME }, "require": [{ NAME: [SCOPE] }] }
  --open NAME             a method or service that anybody may call: shop.v1.Catalog.ListItems; may be repeated`

type Schemes = OpenApiSecurity['schemes']

const KNOWN: Readonly<Record<string, Schemes>> = {
  bearer: { bearer: { type: 'http', scheme: 'bearer' } },
  jwt: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
  basic: { basic: { type: 'http', scheme: 'basic' } },
  mtls: { mtls: { type: 'mutualTLS' } },
}

/** Reads `--security` and `--open`. Throws a `UsageError` that says what is wrong with them. */
export function readSecurity(given: readonly string[], open: readonly string[]): OpenApiSecurity | undefined {
  if (given.length === 0) {
    if (open.length > 0) throw new UsageError('--open says who is let in without: --security is missing')
    return undefined
  }
  const read = given.map((text) => ({ text, ...securityOf(text) }))
  const schemes: Record<string, Schemes[string]> = {}
  for (const one of read) {
    const doubled = Object.keys(one.schemes).find((name) => Object.hasOwn(schemes, name))
    if (doubled !== undefined) throw new UsageError(`--security ${one.text}: there is another scheme named ${doubled}`)
    Object.assign(schemes, one.schemes)
  }
  const require = read.flatMap((one) => one.require ?? Object.keys(one.schemes).map((name) => ({ [name]: [] })))
  return { schemes, require, open: [...open, ...read.flatMap((one) => one.open ?? [])] }
}

function securityOf(text: string): OpenApiSecurity {
  const schemes = Object.hasOwn(KNOWN, text) ? KNOWN[text] : parametrized(text)
  if (schemes) return { schemes }
  if (/\.json$/i.test(text)) return fromFile(text)
  const known = [...Object.keys(KNOWN), 'api-key:HEADER', 'openid:URL', 'a .json file']
  throw new UsageError(`--security is ${known.join(', ')}, not ${JSON.stringify(text)}`)
}

function parametrized(text: string): Schemes | undefined {
  const [, place = 'header', name] = /^api-key:(?:(query|header|cookie):)?([^:\s]+)$/.exec(text) ?? []
  if (name !== undefined) return { [`apiKey-${safe(name)}`]: { type: 'apiKey', in: place, name } }
  const [, url] = /^openid:(https?:\/\/\S+)$/i.exec(text) ?? []
  return url === undefined ? undefined : { openId: { type: 'openIdConnect', openIdConnectUrl: url } }
}

/** A name of a component that is like a name of a header. */
function safe(name: string): string {
  return name.replace(/[^\w.-]/g, '_')
}

function fromFile(path: string): OpenApiSecurity {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as OpenApiSecurity
    checkSecurity(read)
    return read
  } catch (error) {
    throw new UsageError(`--security ${path}: ${messageOf(error)}`)
  }
}
