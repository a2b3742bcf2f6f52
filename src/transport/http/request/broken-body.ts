import { type Context, RpcError } from '../../kernel.js'
import { badRequest, HttpRefusal } from '../error.js'
import type { HttpRequest } from '../serve/http-message.js'

/** What it means that a body cannot be read to its end. */
export function brokenBody(thrown: unknown, { headers }: Pick<HttpRequest, 'headers'>, context: Context): RpcError {
  if (thrown instanceof RpcError) return thrown
  if (context.cancelled) return context.cancelled
  const isUnpacking = /^(Z_|ERR__|ERR_BROTLI)/.test((thrown as NodeJS.ErrnoException | undefined)?.code ?? '')
  return badRequest(isUnpacking ? `the body is not ${headers['content-encoding']}` : 'the request broke off')
}

/** What is wrong with one of the messages of a stream; `no` is which, from 1. */
export function inMessage(no: number, error: RpcError): RpcError {
  const { code, reason, domain, metadata, details } = error
  const text = `message ${no}: ${error.rawMessage}`
  const facts = { reason, domain, metadata, details, cause: error }
  if (error instanceof HttpRefusal) return new HttpRefusal(error.status, [code, text, facts], error.headers)
  return new RpcError(code, text, facts)
}
