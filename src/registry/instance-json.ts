import type { Instance } from './registry.js'

/**
 * An instance as JSON, the way Kratos writes it: `id`, `name`, `version`, `metadata`, `endpoints`.
 *
 * @see https://github.com/go-kratos/kratos/blob/main/registry/registry.go
 */
export function instanceToJson({ id, name, version, metadata, endpoints }: Instance): Record<string, unknown> {
  return { id, name, version, metadata, endpoints }
}

/**
 * Reads an instance from parsed JSON. Only `id` and `name` must be there; `grpc://host?isSecure=true`, the older way to say
 * TLS, comes out as `grpcs://host`. Throws a `TypeError` that names what is wrong.
 */
export function instanceFromJson(json: unknown): Instance {
  const { id, name, version, metadata, endpoints } = record(json, 'an instance')
  return {
    id: text(id, 'id'),
    name: text(name, 'name'),
    version: version == null ? '' : text(version, 'version', 0),
    metadata: stringMap(metadata),
    endpoints: endpointList(endpoints),
  }
}

/** Parses JSON text; the error says so in few words and quotes no more than a little of it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(`not JSON: ${JSON.stringify(text.slice(0, 40))}`, { cause })
  }
}

/** True if two instances say the same. */
export function sameInstance(one: Instance, other: Instance): boolean {
  return JSON.stringify(instanceToJson(one)) === JSON.stringify(instanceToJson(other))
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new TypeError(`${what} must be a JSON object`)
}

function text(value: unknown, field: string, atLeast = 1): string {
  if (typeof value === 'string' && value.length >= atLeast) return value
  throw new TypeError(`the instance's ${field} must be a string${atLeast > 0 ? ' that is not empty' : ''}`)
}

function stringMap(value: unknown): Readonly<Record<string, string>> {
  const map: Record<string, string> = {}
  for (const [key, fact] of Object.entries(value == null ? {} : record(value, "the instance's metadata"))) {
    if (typeof fact !== 'string') throw new TypeError(`the instance's metadata '${key}' must be a string`)
    map[key] = fact
  }
  return map
}

function endpointList(value: unknown): readonly string[] {
  if (value == null) return []
  if (!Array.isArray(value)) throw new TypeError("the instance's endpoints must be a list")
  return value.map((endpoint) => plainUrl(text(endpoint, 'endpoints')))
}

function plainUrl(endpoint: string): string {
  const [url = '', query] = endpoint.split('?')
  if (query === undefined) return endpoint
  const secure = new URLSearchParams(query).get('isSecure')
  if (secure === null) return endpoint
  return secure === 'true' ? url.replace(/^(grpc|http):/, '$1s:') : url
}
