import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** Time of the tests, in seconds. */
export const NOW = 1_800_000_000
export const ISSUER = 'https://login.example.com'
export const AUDIENCE = 'shop'

export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const ed = generateKeyPairSync('ed25519')
/** Keys of someone else. */
export const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A public key as it is published. */
export function published(kid: string, key: KeyObject, more: object = {}) {
  return { ...key.export({ format: 'jwk' }), kid, use: 'sig', ...more } as { kty: string }
}

/** Claims that hold. */
export const good = { sub: 'ada', iss: ISSUER, aud: AUDIENCE, exp: NOW + 300, iat: NOW, roles: ['clerk'], scope: 'a b' }

export const base64url = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** Signs whatever header and claims, with whatever they say. */
export function token(header: unknown, claims: unknown, signature: (input: string) => Buffer | string): string {
  const input = `${base64url(header)}.${base64url(claims)}`
  const signed = signature(input)
  return `${input}.${typeof signed === 'string' ? signed : signed.toString('base64url')}`
}

export const byRsa =
  (key: KeyObject = rsa.privateKey) =>
  (input: string): Buffer =>
    sign('sha256', Buffer.from(input), key)

export const byEc =
  (key: KeyObject = ec.privateKey) =>
  (input: string): Buffer =>
    sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })

export const byEd = (input: string): Buffer => sign(null, Buffer.from(input), ed.privateKey)

export const bySecret =
  (secret: string | Buffer) =>
  (input: string): Buffer =>
    createHmac('sha256', secret).update(input).digest()

/** A token that holds, but for what `claims` and `header` change. */
export const rsaToken = (claims: object = {}, header: object = {}): string =>
  token({ alg: 'RS256', kid: 'rsa', ...header }, { ...good, ...claims }, byRsa())
