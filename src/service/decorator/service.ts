import type { DeclarationOptions } from '../../codec/message-descriptor.js'
import type { Handler, ServiceDefinition } from '../definition.js'
import { type AnyClass, classesOf } from './decorated.js'

/** What `@service` is told: a contract, or the full name of the one that the class itself is. */
export type ServiceContract = ServiceDefinition | string

/** Those methods of a class that are named like methods of a contract fit them. */
export type FitsContract<T, D extends ServiceDefinition> = {
  [K in keyof T]: string extends keyof D['methods']
    ? unknown
    : K extends keyof D['methods']
      ? Handler<D['methods'][K]>
      : unknown
}

/** A contract, and what is said of it where the class itself is the contract. */
export interface ClassContract {
  readonly contract: ServiceContract
  readonly said: DeclarationOptions
}

const contracts = new WeakMap<object, ClassContract>()

/**
 * Makes a class serve a contract with its `@rpc` methods: `@service(Greeter) class GreeterService { … }`. Methods that are
 * named like methods of the contract must fit them, or the class does not compile; that none is missing is found when the
 * service starts, or when compiling, by `implements Implementation<typeof Greeter>`.
 *
 * With a name, the class is its own contract: `@service('shop.v1.Orders', { comment: 'Takes orders.' })`. Each `@rpc` then
 * names its messages.
 *
 * Instances go to `createApp`, `bindings` or `toService`. Works in legacy and in standard mode.
 */
export function service(
  name: string,
  said?: DeclarationOptions,
): (target: AnyClass, context?: ClassDecoratorContext) => void
export function service<D extends ServiceDefinition>(
  definition: D,
): <T extends FitsContract<T, D>>(target: abstract new (...args: never[]) => T, context?: ClassDecoratorContext) => void
export function service(contract: ServiceContract, said: DeclarationOptions = {}): (target: AnyClass) => void {
  return (target) => {
    contracts.set(target, { contract, said })
  }
}

/** The contract of the nearest class of an instance that has one. */
export function contractOf(instance: object): ClassContract | undefined {
  for (const type of classesOf(instance)) {
    const contract = contracts.get(type)
    if (contract !== undefined) return contract
  }
  return undefined
}

/** True of a class that `@service` stands on. */
export function isServiceClass(value: unknown): boolean {
  return typeof value === 'function' && contracts.has(value)
}
