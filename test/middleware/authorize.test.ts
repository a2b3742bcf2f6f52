import { chain, type Principal } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { authenticate } from '../../src/middleware/authenticate.js'
import { type AuthorizeOptions, authorize } from '../../src/middleware/authorize.js'
import { callOnce, serveOnce } from '../observability/fixture.js'

const ada: Principal = {
  subject: 'ada',
  roles: ['clerk', 'auditor'],
  scopes: ['orders:read', 'orders:write'],
  claims: { tenant: 'blue' },
}
const allowed = async (options: AuthorizeOptions): Promise<boolean> => {
  const { error } = await serveOnce(
    chain(
      authenticate(() => ada),
      authorize(options),
    ),
    async () => 1,
    { request: { tenant: 'blue' } },
  )
  if (error) expect(error).toMatchObject({ code: Code.PERMISSION_DENIED, rawMessage: 'permission denied' })
  return error === undefined
}

describe('authorize', () => {
  it.each<[string, AuthorizeOptions, boolean]>([
    ['no demands', {}, true],
    ['one of the roles', { roles: ['admin', 'clerk'] }, true],
    ['none of the roles', { roles: ['admin'] }, false],
    ['an empty list of roles', { roles: [] }, false],
    ['all roles', { roles: { all: ['clerk', 'auditor'] } }, true],
    ['not all roles', { roles: { all: ['clerk', 'admin'] } }, false],
    ['any of the roles, in words', { roles: { any: ['admin', 'auditor'] } }, true],
    ['all scopes', { scopes: ['orders:read', 'orders:write'] }, true],
    ['not all scopes', { scopes: ['orders:read', 'stock:read'] }, false],
    ['any of the scopes', { scopes: { any: ['orders:read', 'stock:read'] } }, true],
    ['roles but not scopes', { roles: ['clerk'], scopes: ['stock:read'] }, false],
    ['a predicate that holds', { predicate: (principal) => principal.claims.tenant === 'blue' }, true],
    ['a predicate that does not hold', { predicate: () => false }, false],
    ['a predicate that holds later', { predicate: async () => true }, true],
    ['a predicate that gives something else than a truth', { predicate: () => 'yes' as never }, false],
    [
      'a predicate over the request',
      { predicate: ({ claims }, _, request) => claims.tenant === (request as { tenant: string }).tenant },
      true,
    ],
    ['a predicate over the method', { predicate: (_, { method }) => method.name === 'CancelOrder' }, false],
  ])('decides by %s', async (_, options, expected) => {
    expect(await allowed(options)).toBe(expected)
  })

  it('tells who is not known from who may not', async () => {
    const { error } = await serveOnce(authorize({ roles: ['clerk'] }), async () => 1)
    expect(error).toMatchObject({ code: Code.UNAUTHENTICATED, rawMessage: 'not authenticated' })
  })

  it('does not let a predicate that fails open the door', async () => {
    const { error } = await serveOnce(
      chain(
        authenticate(() => ada),
        authorize({ predicate: () => Promise.reject(new Error('database down')) }),
      ),
      async () => 1,
    )
    expect(error).toBeDefined()
  })

  it('does nothing on a client', async () => {
    expect((await callOnce(authorize({ roles: ['admin'] }), async () => 'ok')).response).toBe('ok')
  })
})
