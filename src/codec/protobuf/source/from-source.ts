/**
 * The value of an expression in JavaScript, in which `links` are what the source cannot say; `undefined` where the process
 * forbids code from strings. Names of a contract go into the source as JSON text and in no other way.
 */
export function fromSource<T>(expression: string, links: unknown = undefined): T | undefined {
  try {
    return new Function('links', `'use strict'; return ${expression}`)(links) as T
  } catch {
    return undefined
  }
}
