import type { Context } from '../../endpoint/context.js'

const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i

/** The bearer token of a call; `undefined` if it has no authorization, throws if that is anything but one token. */
export function bearerToken(context: Context): string | undefined {
  const values = context.metadata.getAll('authorization')
  if (values.length === 0) return undefined
  if (values.length > 1) throw new Error('more than one authorization')
  const match = BEARER.exec(String(values[0]).trim())
  if (!match) throw new Error('the authorization is not a bearer token')
  return match[1]
}
