import type { OpenApiSecurity } from './openapi-options.js'

type Scheme = Readonly<Record<string, unknown>>

/** What names of components may be made of. */
const NAME = /^[\w.-]+$/

/** What a Security Scheme Object needs, by its type. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['name', 'in'],
  http: ['scheme'],
  mutualTLS: [],
  oauth2: ['flows'],
  openIdConnect: ['openIdConnectUrl'],
}

/** What an OAuth Flow Object needs beside its scopes, by its name. */
const FLOWS: Readonly<Record<string, readonly string[]>> = {
  implicit: ['authorizationUrl'],
  password: ['tokenUrl'],
  clientCredentials: ['tokenUrl'],
  authorizationCode: ['authorizationUrl', 'tokenUrl'],
}

const PLACES = ['query', 'header', 'cookie']

/**
 * Throws a `TypeError` that says what is wrong with what `security` is: no object, a scheme that is none of OpenAPI 3.1, or a
 * requirement that names no scheme.
 */
export function checkSecurity(security: OpenApiSecurity): void {
  const { schemes, require, open = [] } = record(security, 'security')
  const names = Object.entries(record(schemes, 'security.schemes'))
  if (names.length === 0) throw new TypeError('security.schemes is empty')
  for (const [name, scheme] of names) {
    if (!NAME.test(name)) throw wrong(`security.schemes: the name ${JSON.stringify(name)}`, 'letters, digits, . _ or -')
    checkScheme(record(scheme, `security.schemes.${name}`), `security.schemes.${name}`)
  }
  if (require !== undefined) checkRequired(require, new Set(Object.keys(schemes as object)))
  if (!isTexts(open)) throw wrong('security.open', 'a list of names of methods and services')
}

function checkScheme(scheme: Scheme, at: string): void {
  const needed = known(NEEDED, scheme.type, `${at}.type`)
  checkTexts(
    scheme,
    needed.filter((key) => key !== 'flows'),
    at,
  )
  if (scheme.type === 'apiKey' && !PLACES.includes(String(scheme.in)))
    throw wrong(`${at}.in`, PLACES.join(', '), scheme.in)
  if (scheme.type !== 'oauth2') return
  for (const [name, flow] of Object.entries(record(scheme.flows, `${at}.flows`))) {
    const path = `${at}.flows.${name}`
    checkTexts(record(flow, path), known(FLOWS, name, `${at}.flows`), path)
    record((flow as Scheme).scopes, `${path}.scopes`)
  }
}

function checkRequired(require: unknown, schemes: ReadonlySet<string>): void {
  if (!Array.isArray(require)) throw wrong('security.require', 'a list of objects: [{ "bearer": [] }]')
  for (const [index, requirement] of require.entries()) {
    const at = `security.require[${index}]`
    for (const [name, scopes] of Object.entries(record(requirement, at))) {
      if (!schemes.has(name)) throw wrong(at, `of ${[...schemes].join(', ')}`, name)
      if (!isTexts(scopes)) throw wrong(`${at}.${name}`, 'a list of scopes, which may be empty')
    }
  }
}

function checkTexts(owner: Scheme, keys: readonly string[], at: string): void {
  for (const key of keys) {
    const value = owner[key]
    if (typeof value !== 'string' || value === '') throw wrong(`${at}.${key}`, 'a text', value)
  }
}

function known(table: Readonly<Record<string, readonly string[]>>, name: unknown, at: string): readonly string[] {
  const found = typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined
  if (!found) throw wrong(at, Object.keys(table).join(', '), name)
  return found
}

function record(value: unknown, at: string): Scheme {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Scheme
  throw wrong(at, 'an object', value)
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function wrong(at: string, wanted: string, given?: unknown): TypeError {
  return new TypeError(`${at} must be ${wanted}${given === undefined ? '' : `, not ${JSON.stringify(given)}`}`)
}
