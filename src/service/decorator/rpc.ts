import type { Method, MethodKind } from '../../endpoint/method.js'
import type { Handler } from '../definition.js'
import type { MessageSource } from '../message/message-type.js'
import type { MethodOptions } from '../method-spec.js'
import { methodDecorator, type RpcOptions } from './method-record.js'

/** A method with its messages, for a class that is its own contract. */
export interface RpcContract<Req, Res, Kind extends MethodKind> extends MethodOptions {
  readonly request: MessageSource<Req>
  readonly response: MessageSource<Res>
  /** `unary` by default. */
  readonly kind?: Kind | undefined
}

/**
 * A decorator of methods, in both modes.
 *
 * @typeParam H - What the method must fit.
 */
export interface RpcDecorator<H extends (...args: never[]) => unknown> {
  (method: H, context: ClassMethodDecoratorContext): void
  (prototype: object, name: string, descriptor: { readonly value?: H }): void
}

/**
 * Makes a method of a `@service` class a handler.
 *
 * - `@rpc()` handles the method of the contract that has its name: `sayHello` handles `SayHello`.
 * - `@rpc('SayHello')` says which, where the method is called otherwise.
 * - `@rpc({ request: OrderRequest, response: Order })` puts a method into a contract that the class itself is. The handler
 *   must fit the messages and the kind, or the class does not compile.
 *
 * Works in legacy and in standard mode.
 */
export function rpc(name?: string): RpcDecorator<(...args: never[]) => unknown>
export function rpc<Req, Res, Kind extends MethodKind = 'unary'>(
  contract: RpcContract<Req, Res, Kind>,
): RpcDecorator<Handler<Method<Req, Res, Kind>>>
export function rpc(options: string | RpcOptions = {}): ReturnType<typeof methodDecorator> {
  const said = typeof options === 'string' ? { name: options } : options
  return methodDecorator('@rpc', (record) => {
    record.rpc = said
  })
}
