import type { JWTPayload } from 'jose'
import type { Principal } from '../../endpoint/context-value.js'

/** Where a token says what its bearer may do. */
export interface ClaimNames {
  /** Claim with the roles, or a path to it. */
  readonly roles: string
  /** Claims with the scopes, or paths to them; the first that is there counts. */
  readonly scopes: readonly string[]
}

/** The principal that a verified token stands for; throws if it names no subject. */
export function principalOf(claims: JWTPayload, names: ClaimNames): Principal {
  const { sub } = claims
  if (typeof sub !== 'string' || sub === '') throw new Error('the token has no subject')
  const scopes = names.scopes.map((name) => claimAt(claims, name)).find((claim) => claim !== undefined)
  return { subject: sub, roles: namesIn(claimAt(claims, names.roles)), scopes: namesIn(scopes), claims }
}

/** Reads `realm_access.roles`; a claim whose own name has dots in it comes first. */
function claimAt(claims: object, path: string): unknown {
  if (Object.hasOwn(claims, path)) return (claims as Record<string, unknown>)[path]
  let value: unknown = claims
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

/** Names as a list, or in one text with spaces between them. */
function namesIn(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((name) => name !== '')
  return Array.isArray(claim) ? claim.filter((name) => typeof name === 'string') : []
}
