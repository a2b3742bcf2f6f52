import type { JWTPayload, JWTVerifyOptions } from 'jose'
import type { Context } from '../endpoint/context.js'
import type { Principal } from '../endpoint/context-value.js'
import type { Authenticator } from './authenticate.js'
import { bearerToken } from './jwt/bearer-token.js'
import { principalOf } from './jwt/claims.js'
import { type KeyOptions, keySource } from './jwt/key-source.js'

/** What tokens are verified with, and what they must say. */
export interface JwtOptions extends KeyOptions {
  /** Who must have issued the token (`iss`): exactly this, or one of these. Any who has the key, by default. */
  readonly issuer?: string | readonly string[] | undefined
  /** Whom the token must be meant for (`aud`): one of these. Without it a token that is meant for anyone in particular fails. */
  readonly audience?: string | readonly string[] | undefined
  /** The `typ` of tokens, `at+jwt` for access tokens of OAuth; by default `JWT`, `at+jwt` or none. */
  readonly type?: string | undefined
  /** Claims that must be there, whatever they say; `exp` by default. `sub` always must. */
  readonly requiredClaims?: readonly string[] | undefined
  /** How far the clocks of issuer and server may differ, in seconds, 60 at most; 5 by default. */
  readonly clockToleranceSeconds?: number | undefined
  /** Claim with the roles of the caller, or a path to it (`realm_access.roles`); `roles` by default. */
  readonly rolesClaim?: string | undefined
  /** Claim with the scopes of the caller, or a path to it; `scope`, or else `scp`, by default. */
  readonly scopesClaim?: string | undefined
}

const MAX_TOKEN_LENGTH = 8192
const MAX_TOLERANCE_SECONDS = 60

/**
 * Knows callers by a signed token (JWT) in `authorization: Bearer …`, for `authenticate`.
 *
 * The algorithm comes from the kind of key, never from the token; a token's `kid` only looks up one of the trusted keys,
 * and keys that it brings or points to are not looked at. Signature, issuer, audience, times and type are all checked.
 * Wrong options throw a `TypeError` at once.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function jwt(options: JwtOptions): Authenticator {
  const { rolesClaim = 'roles', scopesClaim } = options
  const names = { roles: rolesClaim, scopes: scopesClaim === undefined ? ['scope', 'scp'] : [scopesClaim] }
  const verify = verifier(options)
  return async function jwt(context: Context): Promise<Principal | undefined> {
    const token = bearerToken(context)
    return token === undefined ? undefined : principalOf(await verify(token, context.clock.now()), names)
  }
}

/** Checks a token at the time `now`, in ms; rejects unless all of it holds. */
function verifier(options: JwtOptions): (token: string, now: number) => Promise<JWTPayload> {
  const { issuer, audience, type, requiredClaims = ['exp'], clockToleranceSeconds = 5 } = options
  if (!(clockToleranceSeconds >= 0 && clockToleranceSeconds <= MAX_TOLERANCE_SECONDS)) {
    throw new TypeError(`jwt: clockToleranceSeconds must be from 0 to ${MAX_TOLERANCE_SECONDS}`)
  }
  const { algorithms, at } = keySource(options)
  const rules: JWTVerifyOptions = {
    algorithms,
    clockTolerance: clockToleranceSeconds,
    requiredClaims: [...requiredClaims],
    ...(issuer !== undefined && { issuer: mutable(issuer) }),
    ...(audience !== undefined && { audience: mutable(audience) }),
  }
  return async (token, now) => {
    if (token.length > MAX_TOKEN_LENGTH) throw new Error('the token is too long')
    const { jwtVerify } = await import('jose')
    const { payload, protectedHeader } = await jwtVerify(token, at(now), { ...rules, currentDate: new Date(now) })
    checkType(protectedHeader.typ, type)
    // RFC 7519, 4.1.3: who is not in the audience of a token must refuse it.
    if (audience === undefined && payload.aud !== undefined) throw new Error('the token is meant for someone')
    return payload
  }
}

function checkType(given: string | undefined, wanted: string | undefined): void {
  const type = given?.toLowerCase().replace(/^application\//, '')
  const fits = wanted === undefined ? type === undefined || USUAL_TYPES.has(type) : type === wanted.toLowerCase()
  if (!fits) throw new Error('the token is of another type')
}

const USUAL_TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt'])

function mutable(names: string | readonly string[]): string | string[] {
  return typeof names === 'string' ? names : [...names]
}
