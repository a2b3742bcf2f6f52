import type { KeyObject } from 'node:crypto'
import type { JSONWebKeySet, JWK, JWTVerifyGetKey } from 'jose'
import { lazyCrypto } from '../../codec/library/lazy-crypto.js'
import { ASYMMETRIC, algorithmsOf, chooseAlgorithms, SECRET_BYTES } from './algorithms.js'
import { fetchKeySet } from './fetch-key-set.js'
import { RemoteKeySet } from './remote-key-set.js'

/** What tokens are verified with: exactly one of these. */
export interface KeyOptions {
  /** Shared secret, as text or bytes: at least 32 bytes for HS256, 48 for HS384, 64 for HS512. */
  readonly secret?: string | Uint8Array | undefined
  /** Public key or certificate as PEM, JWK or `KeyObject`: RSA of 2,048 bits at least, P-256, P-384, P-521 or Ed25519. */
  readonly publicKey?: string | JWK | KeyObject | undefined
  /** A set of public keys, found by the `kid` of a token. */
  readonly jwks?: JSONWebKeySet | undefined
  /**
   * Where a set of public keys is published. `https:` only, except on this machine. It is asked at first use, every ten
   * minutes, and for unknown keys at most every 30 s; known keys go on being used while it is down.
   */
  readonly jwksUrl?: string | URL | undefined
  /** Algorithms to accept; all must fit the key. By default those of its kind; of a secret, HS256. */
  readonly algorithms?: readonly string[] | undefined
}

/** Finds the key of a token. */
export interface KeySource {
  readonly algorithms: string[]
  /** How to find it, at the time `now` in ms. */
  at(now: number): JWTVerifyGetKey
}

const TIMEOUT_MS = 5000
const COOLDOWN_MS = 30_000
const MAX_AGE_MS = 600_000

/** Makes a key source; throws a `TypeError` for keys that are missing, ambiguous or too weak. */
export function keySource(options: KeyOptions): KeySource {
  const { secret, publicKey, jwks, jwksUrl, algorithms } = options
  const given = [secret, publicKey, jwks, jwksUrl].filter((key) => key !== undefined).length
  if (given !== 1) throw new TypeError('jwt: give exactly one of secret, publicKey, jwks and jwksUrl')
  if (secret !== undefined) return secretSource(secret, algorithms)
  if (publicKey !== undefined) return publicKeySource(publicKey, algorithms)
  const accepted = chooseAlgorithms(algorithms, ASYMMETRIC)
  if (jwks) return localSource(jwks, accepted)
  return remoteSource(String(jwksUrl), accepted)
}

function secretSource(secret: string | Uint8Array, asked: readonly string[] | undefined): KeySource {
  const bytes = typeof secret === 'string' ? new TextEncoder().encode(secret) : secret
  const algorithms = chooseAlgorithms(asked, Object.keys(SECRET_BYTES), ['HS256'])
  const needed = Math.max(...algorithms.map((algorithm) => SECRET_BYTES[algorithm] ?? 0))
  if (bytes.length < needed) throw new TypeError(`jwt: a secret for ${algorithms.join(', ')} needs ${needed} bytes`)
  return { algorithms, at: () => () => bytes }
}

function publicKeySource(given: string | JWK | KeyObject, asked: readonly string[] | undefined): KeySource {
  const key = readPublicKey(given)
  return { algorithms: chooseAlgorithms(asked, algorithmsOf(key)), at: () => () => key }
}

function readPublicKey(given: string | JWK | KeyObject): KeyObject {
  try {
    const { createPublicKey, KeyObject } = lazyCrypto()
    if (given instanceof KeyObject) return given.type === 'public' ? given : createPublicKey(given)
    return typeof given === 'string' ? createPublicKey(given) : createPublicKey({ key: given, format: 'jwk' })
  } catch (cause) {
    throw new TypeError('jwt: the public key cannot be read', { cause })
  }
}

function localSource(jwks: JSONWebKeySet, algorithms: string[]): KeySource {
  if (!Array.isArray(jwks.keys)) throw new TypeError('jwt: jwks has no keys')
  if (jwks.keys.some(({ kty }) => kty === 'oct')) throw new TypeError('jwt: jwks must hold public keys only')
  let search: Promise<JWTVerifyGetKey> | undefined
  const find: JWTVerifyGetKey = async (header, token) => {
    search ??= searchIn(jwks)
    return (await search)(header, token)
  }
  return { algorithms, at: () => find }
}

function remoteSource(jwksUrl: string, algorithms: string[]): KeySource {
  const url = readUrl(jwksUrl)
  const keys = new RemoteKeySet({
    fetch: async () => searchIn(await fetchKeySet(url, TIMEOUT_MS)),
    cooldownMs: COOLDOWN_MS,
    maxAgeMs: MAX_AGE_MS,
  })
  return { algorithms, at: (now) => (header, token) => keys.find(now, header, token) }
}

async function searchIn(jwks: JSONWebKeySet): Promise<JWTVerifyGetKey> {
  const { createLocalJWKSet } = await import('jose')
  return createLocalJWKSet(jwks)
}

function readUrl(jwksUrl: string): URL {
  if (!URL.canParse(jwksUrl)) throw new TypeError(`jwt: jwksUrl ${JSON.stringify(jwksUrl)} is no URL`)
  const url = new URL(jwksUrl)
  const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && local)) return url
  throw new TypeError(`jwt: jwksUrl ${url.href} must be https`)
}
