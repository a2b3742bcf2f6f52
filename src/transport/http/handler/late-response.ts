import type { ServerResponse } from 'node:http'

const MUTATORS = [
  'addTrailers',
  'appendHeader',
  'end',
  'flushHeaders',
  'removeHeader',
  'setHeader',
  'setHeaders',
  'write',
  'writeContinue',
  'writeHead',
] as const

/**
 * Makes a response that was answered in its handler's place deaf. The handler may still run, and would throw, out of
 * reach of everyone, when it comes to answer.
 */
export function silence(response: ServerResponse): void {
  const deaf = (): ServerResponse => response
  for (const name of MUTATORS) {
    Object.defineProperty(response, name, { value: deaf, configurable: true, writable: true })
  }
}
