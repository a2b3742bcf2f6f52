import type { KeyObject } from 'node:crypto'

const RSA: readonly string[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']
const RSA_PSS: readonly string[] = ['PS256', 'PS384', 'PS512']
const ED25519: readonly string[] = ['EdDSA', 'Ed25519']
const CURVES: Readonly<Record<string, readonly string[]>> = {
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
}

/** Algorithms for sets of public keys: none that a shared secret could pass for. */
export const ASYMMETRIC: readonly string[] = [...RSA, ...Object.values(CURVES).flat(), ...ED25519]

/** Secrets must be as long as what they sign with, in bytes (RFC 7518, 3.2). */
export const SECRET_BYTES: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 }

const MIN_RSA_BITS = 2048

/** The algorithms that a public key can verify; throws a `TypeError` if the key is too weak or of no use. */
export function algorithmsOf(key: KeyObject): readonly string[] {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {}
  switch (key.asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      if (modulusLength < MIN_RSA_BITS) throw new TypeError(`jwt: an RSA key needs ${MIN_RSA_BITS} bits at least`)
      return key.asymmetricKeyType === 'rsa' ? RSA : RSA_PSS
    case 'ec':
      return CURVES[namedCurve] ?? unfit(`curve ${namedCurve}`)
    case 'ed25519':
      return ED25519
    default:
      return unfit(key.asymmetricKeyType ?? key.type)
  }
}

/** The algorithms to accept: those asked for, all of which must fit the key, or else `usual`. */
export function chooseAlgorithms(
  asked: readonly string[] | undefined,
  fitting: readonly string[],
  usual: readonly string[] = fitting,
): string[] {
  if (asked === undefined) return [...usual]
  if (asked.length === 0) throw new TypeError('jwt: algorithms must not be empty')
  const wrong = asked.filter((algorithm) => !fitting.includes(algorithm))
  if (wrong.length === 0) return [...asked]
  throw new TypeError(`jwt: ${wrong.join(', ')} does not fit the key, which takes ${fitting.join(', ')}`)
}

function unfit(what: string): never {
  throw new TypeError(`jwt: a key of ${what} cannot verify tokens`)
}
