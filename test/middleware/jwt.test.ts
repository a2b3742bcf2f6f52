import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Code } from 'tierkit/error'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Authenticator, authenticate } from '../../src/middleware/authenticate.js'
import { type JwtOptions, jwt } from '../../src/middleware/jwt.js'
import { createFakeClock, type FakeClock } from '../../src/testing/fake-clock.js'
import { serveOnce } from '../observability/fixture.js'
import {
  AUDIENCE,
  base64url,
  byEc,
  byEd,
  byRsa,
  bySecret,
  ec,
  ed,
  foreign,
  good,
  ISSUER,
  NOW,
  published,
  rsa,
  rsaToken,
  token,
} from './tokens.js'

const SECRET = 'a secret of at least thirty-two bytes'
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
const publicPem = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** Someone who must never be asked for keys. */
let stranger: Server
let strangerUrl: string
let asked = 0

beforeAll(async () => {
  stranger = createServer((_, response) => {
    asked += 1
    response.end(JSON.stringify({ keys: [published('rsa', foreign.publicKey)] }))
  })
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/jwks`
})
afterAll(() => new Promise((resolve) => stranger.close(resolve)))

const jwks = {
  keys: [
    published('rsa', rsa.publicKey),
    published('ec', ec.publicKey),
    published('ed', ed.publicKey),
    published('weak', weak.publicKey),
    published('encryption', foreign.publicKey, { use: 'enc' }),
  ],
}
const rules = { issuer: ISSUER, audience: AUDIENCE }
const bySet = jwt({ jwks, ...rules })

async function attempt(authenticator: Authenticator, authorization?: string | string[], clock?: FakeClock) {
  const { error, context } = await serveOnce(authenticate(authenticator), async () => 1, {
    clock: clock ?? createFakeClock(NOW * 1000),
    ...(authorization === undefined ? {} : { metadata: { authorization } }),
  })
  return { error, principal: context.principal }
}
const bearer = (text: string): string => `Bearer ${text}`
const refused = { code: Code.UNAUTHENTICATED, rawMessage: 'not authenticated' }

describe('jwt', () => {
  it('knows the bearer of a good token, with roles and scopes', async () => {
    const { principal, error } = await attempt(bySet, bearer(rsaToken()))
    expect(error).toBeUndefined()
    expect(principal).toEqual({ subject: 'ada', roles: ['clerk'], scopes: ['a', 'b'], claims: good })
  })

  it.each([
    ['RS256', () => rsaToken()],
    ['ES256', () => token({ alg: 'ES256', kid: 'ec' }, good, byEc())],
    ['EdDSA', () => token({ alg: 'EdDSA', kid: 'ed' }, good, byEd)],
    ['Ed25519', () => token({ alg: 'Ed25519', kid: 'ed' }, good, byEd)],
    ['no kid where one key fits', () => token({ alg: 'ES256' }, good, byEc())],
    ['typ JWT', () => rsaToken({}, { typ: 'JWT' })],
    ['typ at+jwt', () => rsaToken({}, { typ: 'application/at+jwt' })],
    ['several audiences', () => rsaToken({ aud: ['other', AUDIENCE] })],
    ['an end within the tolerance', () => rsaToken({ exp: NOW - 4 })],
    ['a start within the tolerance', () => rsaToken({ nbf: NOW + 4 })],
  ])('accepts %s', async (_, make) => {
    expect((await attempt(bySet, bearer(make()))).error).toBeUndefined()
  })

  it.each<[string, JwtOptions, () => string]>([
    ['a secret', { secret: SECRET, ...rules }, () => token({ alg: 'HS256' }, good, bySecret(SECRET))],
    ['a PEM', { publicKey: publicPem, ...rules }, () => rsaToken()],
    ['a KeyObject', { publicKey: ed.publicKey, ...rules }, () => token({ alg: 'EdDSA' }, good, byEd)],
    ['a JWK', { publicKey: published('ec', ec.publicKey), ...rules }, () => token({ alg: 'ES256' }, good, byEc())],
  ])('verifies with %s', async (_, options, make) => {
    expect((await attempt(jwt(options), bearer(make()))).error).toBeUndefined()
  })

  it('finds roles and scopes where it is told to', async () => {
    const authenticator = jwt({
      jwks,
      ...rules,
      rolesClaim: 'realm_access.roles',
      scopesClaim: 'https://x.example/scp',
    })
    const claims = { realm_access: { roles: ['admin', 7] }, 'https://x.example/scp': ['c'] }
    const { principal } = await attempt(authenticator, bearer(rsaToken(claims)))
    expect(principal).toMatchObject({ roles: ['admin'], scopes: ['c'] })
  })

  it('does not find roles on the prototypes of claims', async () => {
    const authenticator = jwt({ jwks, ...rules, rolesClaim: 'constructor.name' })
    expect((await attempt(authenticator, bearer(rsaToken()))).principal?.roles).toEqual([])
  })

  it('leaves calls without authorization to other authenticators', async () => {
    const guest = { subject: 'guest', roles: [], scopes: [], claims: {} }
    const { context } = await serveOnce(authenticate([bySet, () => guest]), async () => 1)
    expect(context.principal).toBe(guest)
  })
})

const header = (claims: object) => ({ alg: 'RS256', kid: 'rsa', ...claims })
const parts = rsaToken().split('.') as [string, string, string]

const hostile: [string, () => string | string[]][] = [
  ...['none', 'None', 'NONE', 'nOnE'].flatMap((alg): [string, () => string][] => [
    [`alg ${alg} and no signature`, () => bearer(token({ alg }, good, () => ''))],
    [`alg ${alg} and the signature of a good token`, () => bearer(token({ alg }, good, () => parts[2]))],
  ]),
  ['no alg', () => bearer(token({ kid: 'rsa' }, good, byRsa()))],
  ['a number as alg', () => bearer(token(header({ alg: 256 }), good, byRsa()))],
  ['a list as alg', () => bearer(token(header({ alg: ['RS256', 'none'] }), good, byRsa()))],
  ['HS256 by the public key as PEM', () => bearer(token({ alg: 'HS256', kid: 'rsa' }, good, bySecret(publicPem)))],
  [
    'HS256 by the public key as JWK',
    () => bearer(token({ alg: 'HS256' }, good, bySecret(JSON.stringify(jwks.keys[0])))),
  ],
  ['HS256 by an empty secret', () => bearer(token({ alg: 'HS256', kid: 'rsa' }, good, bySecret('')))],
  [
    'HS256 and a kid that names a file',
    () => bearer(token({ alg: 'HS256', kid: '../../../dev/null' }, good, bySecret(''))),
  ],
  ['no signature', () => bearer(`${parts[0]}.${parts[1]}.`)],
  ['the signature of another token', () => bearer(`${parts[0]}.${base64url({ ...good, sub: 'eve' })}.${parts[2]}`)],
  ['another header than was signed', () => bearer(`${base64url(header({ typ: 'JWT' }))}.${parts[1]}.${parts[2]}`)],
  ['half a signature', () => bearer(`${parts[0]}.${parts[1]}.${parts[2].slice(0, 100)}`)],
  ['a key of someone else under a known kid', () => bearer(token(header({}), good, byRsa(foreign.privateKey)))],
  [
    'a key that it brings',
    () => bearer(token(header({ jwk: published('rsa', foreign.publicKey) }), good, byRsa(foreign.privateKey))),
  ],
  ['a certificate that it brings', () => bearer(token(header({ x5c: ['MIIB'] }), good, byRsa(foreign.privateKey)))],
  ['a key set that it points to', () => bearer(token(header({ jku: strangerUrl }), good, byRsa(foreign.privateKey)))],
  [
    'a certificate that it points to',
    () => bearer(token(header({ x5u: strangerUrl }), good, byRsa(foreign.privateKey))),
  ],
  ['a kid that is a URL', () => bearer(token(header({ kid: strangerUrl }), good, byRsa(foreign.privateKey)))],
  ['a kid that nobody knows', () => bearer(rsaToken({}, { kid: 'unknown' }))],
  ['a kid that is SQL', () => bearer(rsaToken({}, { kid: "x' UNION SELECT 'key" }))],
  ['a kid that is no text', () => bearer(rsaToken({}, { kid: ['rsa'] }))],
  [
    'a key that is not for signatures',
    () => bearer(token(header({ kid: 'encryption' }), good, byRsa(foreign.privateKey))),
  ],
  ['a key of 1,024 bits', () => bearer(token(header({ kid: 'weak' }), good, byRsa(weak.privateKey)))],
  ['the kid of a key of another kind', () => bearer(token({ alg: 'ES256', kid: 'rsa' }, good, byEc()))],
  ['an algorithm of another kind than its key', () => bearer(token({ alg: 'RS256', kid: 'ec' }, good, byEc()))],
  ['a signature by another scheme than it names', () => bearer(token(header({ alg: 'PS256' }), good, byRsa()))],
  ['a signature of zeros', () => bearer(token({ alg: 'ES256', kid: 'ec' }, good, () => Buffer.alloc(64)))],
  [
    'a signature as DER',
    () => bearer(token({ alg: 'ES256', kid: 'ec' }, good, (input) => byRsa(ec.privateKey)(input))),
  ],
  ['a critical extension that nobody knows', () => bearer(rsaToken({}, { crit: ['exp-hard'], 'exp-hard': true }))],
  ['an empty list of critical extensions', () => bearer(rsaToken({}, { crit: [] }))],
  ['a payload that is not encoded', () => bearer(rsaToken({}, { crit: ['b64'], b64: false }))],
  ['an end that has passed', () => bearer(rsaToken({ exp: NOW - 6 }))],
  ['no end', () => bearer(rsaToken({ exp: undefined }))],
  ['an end as text', () => bearer(rsaToken({ exp: String(NOW + 300) }))],
  ['an end as a list', () => bearer(rsaToken({ exp: [NOW + 300] }))],
  ['a start to come', () => bearer(rsaToken({ nbf: NOW + 6 }))],
  ['a start as text', () => bearer(rsaToken({ nbf: '0' }))],
  ['another issuer', () => bearer(rsaToken({ iss: 'https://evil.example.com' }))],
  ['an issuer that begins with the right one', () => bearer(rsaToken({ iss: `${ISSUER}.evil.example.com` }))],
  ['an issuer with a slash more', () => bearer(rsaToken({ iss: `${ISSUER}/` }))],
  ['no issuer', () => bearer(rsaToken({ iss: undefined }))],
  ['a list of issuers', () => bearer(rsaToken({ iss: [ISSUER] }))],
  ['another audience', () => bearer(rsaToken({ aud: 'bank' }))],
  ['no audience', () => bearer(rsaToken({ aud: undefined }))],
  ['a list of other audiences', () => bearer(rsaToken({ aud: ['bank', 'shop2'] }))],
  ['an audience that is an object', () => bearer(rsaToken({ aud: { 0: AUDIENCE, length: 1 } }))],
  ['the type of a logout token', () => bearer(rsaToken({}, { typ: 'logout+jwt' }))],
  ['the type of a proof of possession', () => bearer(rsaToken({}, { typ: 'dpop+jwt' }))],
  ['a type that is no text', () => bearer(rsaToken({}, { typ: 7 }))],
  ['no subject', () => bearer(rsaToken({ sub: undefined }))],
  ['an empty subject', () => bearer(rsaToken({ sub: '' }))],
  ['a number as subject', () => bearer(rsaToken({ sub: 1 }))],
  ['more than 8 KiB', () => bearer(rsaToken({ roles: ['x'.repeat(8192)] }))],
  ['one part', () => bearer(parts[1])],
  ['two parts', () => bearer(`${parts[0]}.${parts[1]}`)],
  ['four parts', () => bearer(`${parts.join('.')}.x`)],
  ['the five parts of an encrypted token', () => bearer(`${parts.join('.')}.x.y`)],
  ['a header that is no JSON', () => bearer(`${base64url('{"alg":')}.${parts[1]}.${parts[2]}`)],
  ['a header that is a list', () => bearer(token([{ alg: 'RS256' }], good, byRsa()))],
  ['claims that are a list', () => bearer(token(header({}), [good], byRsa()))],
  ['claims that are a text', () => bearer(token(header({}), '"ada"', byRsa()))],
  ['claims that are no JSON', () => bearer(token(header({}), '{"sub":"ada"', byRsa()))],
  ['characters that base64url lacks', () => bearer(`${parts[0]}.${parts[1]}.${parts[2].replace(/.$/, '!')}`)],
  ['nothing at all', () => 'Bearer '],
  ['two authorizations', () => [bearer(rsaToken()), bearer(rsaToken())]],
  ['two tokens in one authorization', () => `${bearer(rsaToken())}, ${bearer(rsaToken())}`],
  ['another scheme', () => `Basic ${Buffer.from('ada:secret').toString('base64')}`],
  ['a token without a scheme', () => rsaToken()],
]

describe('a hostile token', () => {
  it('comes in at least 30 forms', () => expect(hostile.length).toBeGreaterThanOrEqual(30))

  it.each(hostile)('with %s is refused, without a word on why', async (_, make) => {
    const { error, principal } = await attempt(bySet, make())
    expect(error).toMatchObject(refused)
    expect((error as Error).message).not.toMatch(/key|alg|exp|sign/i)
    expect(principal).toBeUndefined()
    expect(asked).toBe(0)
  })

  it('without a kid is refused where several keys would fit', async () => {
    const two = { keys: [published('one', rsa.publicKey), published('two', foreign.publicKey)] }
    const kidless = token({ alg: 'RS256' }, good, byRsa(foreign.privateKey))
    expect((await attempt(jwt({ jwks: two, ...rules }), bearer(kidless))).error).toMatchObject(refused)
  })

  it('signed by the public key is refused where only that key is configured', async () => {
    const forged = token({ alg: 'HS256' }, good, bySecret(publicPem))
    expect((await attempt(jwt({ publicKey: publicPem, ...rules }), bearer(forged))).error).toMatchObject(refused)
  })

  it('with an algorithm that fits the key but is not allowed is refused', async () => {
    const authenticator = jwt({ publicKey: publicPem, ...rules, algorithms: ['PS256'] })
    expect((await attempt(authenticator, bearer(rsaToken()))).error).toMatchObject(refused)
  })

  it('that is meant for someone else is refused by who has no audience', async () => {
    expect((await attempt(jwt({ jwks, issuer: ISSUER }), bearer(rsaToken()))).error).toMatchObject(refused)
  })

  it('of another type is refused where one type is wanted', async () => {
    const authenticator = jwt({ jwks, ...rules, type: 'at+jwt' })
    expect((await attempt(authenticator, bearer(rsaToken({}, { typ: 'JWT' })))).error).toMatchObject(refused)
    expect((await attempt(authenticator, bearer(rsaToken()))).error).toMatchObject(refused)
    expect((await attempt(authenticator, bearer(rsaToken({}, { typ: 'at+JWT' })))).error).toBeUndefined()
  })
})

describe('jwt options', () => {
  it.each<[string, JwtOptions, string]>([
    ['no key', {}, 'exactly one of'],
    ['two kinds of keys', { secret: SECRET, jwks }, 'exactly one of'],
    ['a short secret', { secret: 'x'.repeat(31) }, 'needs 32 bytes'],
    ['a secret too short for its algorithm', { secret: 'x'.repeat(63), algorithms: ['HS512'] }, 'needs 64 bytes'],
    ['a secret and an algorithm for public keys', { secret: SECRET, algorithms: ['RS256'] }, 'RS256 does not fit'],
    [
      'a public key and an algorithm for secrets',
      { publicKey: publicPem, algorithms: ['HS256'] },
      'HS256 does not fit',
    ],
    ['a key set and an algorithm for secrets', { jwks, algorithms: ['RS256', 'HS256'] }, 'HS256 does not fit'],
    ['the algorithm none', { publicKey: publicPem, algorithms: ['none'] }, 'none does not fit'],
    ['no algorithms', { publicKey: publicPem, algorithms: [] }, 'must not be empty'],
    ['an RSA key of 1,024 bits', { publicKey: weak.publicKey }, 'needs 2048 bits'],
    [
      'a curve that JWT lacks',
      { publicKey: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey },
      'secp256k1',
    ],
    ['a key that cannot sign', { publicKey: generateKeyPairSync('x25519').publicKey }, 'x25519'],
    ['a PEM that is none', { publicKey: 'MIIB' }, 'cannot be read'],
    ['a key set with a secret in it', { jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }, 'public keys only'],
    ['a key set without keys', { jwks: {} as never }, 'has no keys'],
    ['a tolerance of an hour', { secret: SECRET, clockToleranceSeconds: 3600 }, 'from 0 to 60'],
    ['keys over plain HTTP', { jwksUrl: 'http://login.example.com/jwks' }, 'must be https'],
    ['keys from a file', { jwksUrl: 'file:///etc/keys' }, 'must be https'],
    ['keys from nowhere', { jwksUrl: 'login.example.com' }, 'is no URL'],
  ])('with %s throw at once', (_, options, text) => {
    expect(() => jwt(options)).toThrow(TypeError)
    expect(() => jwt(options)).toThrow(text)
  })
})

describe('published keys', () => {
  let server: Server
  let url: string
  let fetches: number
  let answer: () => { status?: number; body: string; location?: string }
  let clock: FakeClock
  const next = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const serve = (...keys: object[]) => {
    answer = () => ({ body: JSON.stringify({ keys }) })
  }
  const nextToken = () => token({ alg: 'ES256', kid: 'next' }, { ...good, exp: NOW + 100_000 }, byEc(next.privateKey))
  const lasting = () => rsaToken({ exp: NOW + 100_000 })

  beforeEach(async () => {
    fetches = 0
    clock = createFakeClock(NOW * 1000)
    serve(published('rsa', rsa.publicKey))
    server = createServer((_, response) => {
      fetches += 1
      const { status = 200, body, location } = answer()
      response.writeHead(status, {
        'content-type': 'application/json',
        connection: 'close',
        ...(location && { location }),
      })
      response.end(body)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`
  })
  afterEach(() => new Promise((resolve) => server.close(resolve)))

  it('are asked for once, at first use, by however many calls', async () => {
    const authenticator = jwt({ jwksUrl: url, ...rules })
    expect(fetches).toBe(0)
    const results = await Promise.all(
      Array.from({ length: 50 }, () => attempt(authenticator, bearer(lasting()), clock)),
    )
    expect(results.filter(({ error }) => error)).toEqual([])
    expect(fetches).toBe(1)
  })

  it('are found after a rotation by one more request', async () => {
    const authenticator = jwt({ jwksUrl: url, ...rules })
    await attempt(authenticator, bearer(lasting()), clock)
    serve(published('rsa', rsa.publicKey), published('next', next.publicKey))
    await clock.advance(30_000)
    expect((await attempt(authenticator, bearer(nextToken()), clock)).error).toBeUndefined()
    expect((await attempt(authenticator, bearer(lasting()), clock)).error).toBeUndefined()
    expect(fetches).toBe(2)
  })

  it('are asked for at most once in 30 s by a flood of unknown kids', async () => {
    const authenticator = jwt({ jwksUrl: url, ...rules })
    await attempt(authenticator, bearer(lasting()), clock)
    const flood = async (from: number) => {
      const tokens = Array.from({ length: 500 }, (_, n) =>
        token({ alg: 'RS256', kid: `k${from + n}` }, good, () => 'AAAA'),
      )
      const results = await Promise.all(tokens.map((text) => attempt(authenticator, bearer(text), clock)))
      expect(results.filter(({ error }) => error === undefined)).toEqual([])
    }
    await flood(0)
    expect(fetches).toBe(1)
    await clock.advance(29_000)
    await flood(500)
    expect(fetches).toBe(1)
    await clock.advance(1000)
    await flood(1000)
    await flood(1500)
    expect(fetches).toBe(2)
    answer = () => ({ status: 500, body: '' })
    await clock.advance(30_000)
    await flood(2000)
    await flood(2500)
    expect(fetches).toBe(3)
    expect((await attempt(authenticator, bearer(lasting()), clock)).error).toBeUndefined()
  })

  it('go on being used during an outage, however long', async () => {
    const authenticator = jwt({ jwksUrl: url, ...rules })
    await attempt(authenticator, bearer(lasting()), clock)
    answer = () => ({ status: 503, body: 'down' })
    for (let minutes = 0; minutes < 60; minutes += 1) {
      await clock.advance(60_000)
      expect((await attempt(authenticator, bearer(lasting()), clock)).error).toBeUndefined()
    }
    expect(fetches).toBeGreaterThan(1)
    expect(fetches).toBeLessThanOrEqual(52)
  })

  it('that were withdrawn are forgotten once the rest was asked for anew', async () => {
    const authenticator = jwt({ jwksUrl: url, ...rules })
    await attempt(authenticator, bearer(lasting()), clock)
    serve(published('next', next.publicKey))
    await clock.advance(30_000)
    expect((await attempt(authenticator, bearer(nextToken()), clock)).error).toBeUndefined()
    expect((await attempt(authenticator, bearer(lasting()), clock)).error).toMatchObject(refused)
  })

  it.each([
    ['fail', { status: 500, body: '' }],
    ['are no JSON', { body: '<html>' }],
    ['are another document', { body: '{"keys":{}}' }],
    ['are too large', { body: `{"keys":[],"x":"${'x'.repeat(1024 * 1024)}"}` }],
    ['are elsewhere', { status: 302, body: '', location: 'http://127.0.0.1:1/' }],
  ])('that %s make calls UNAVAILABLE until they are there, tried again each second', async (_, bad) => {
    const authenticator = jwt({ jwksUrl: url, ...rules })
    answer = () => bad
    const unavailable = { code: Code.UNAVAILABLE, rawMessage: 'credentials cannot be verified at present' }
    expect((await attempt(authenticator, bearer(lasting()), clock)).error).toMatchObject(unavailable)
    expect((await attempt(authenticator, bearer(lasting()), clock)).error).toMatchObject(unavailable)
    expect(fetches).toBe(1)
    serve(published('rsa', rsa.publicKey))
    await clock.advance(1000)
    expect((await attempt(authenticator, bearer(lasting()), clock)).error).toBeUndefined()
    expect(fetches).toBe(2)
  })
})
