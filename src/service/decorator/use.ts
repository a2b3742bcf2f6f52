import type { Middleware } from '../../endpoint/middleware.js'
import { type AnyClass, classesOf, isStandard } from './decorated.js'
import { methodDecorator } from './method-record.js'

/** A decorator of classes and methods, in both modes. */
export interface UseDecorator {
  (target: AnyClass, context?: ClassDecoratorContext): void
  (method: (...args: never[]) => unknown, context: ClassMethodDecoratorContext): void
  (prototype: object, name: string, descriptor: PropertyDescriptor): void
}

const classes = new WeakMap<object, readonly Middleware[]>()

/**
 * Puts middleware around a method, or around all methods of a class: `@rpc() @use(timeout({ ms: 300 })) sayHello() { … }`.
 *
 * The first named is outermost, and so is the upper of two `@use`. That of the class stands outside of that of a method,
 * and inside the global one. Works in legacy and in standard mode.
 */
export function use(...middleware: readonly Middleware[]): UseDecorator {
  const onMethod = methodDecorator('@use', (record) => {
    record.use = [...middleware, ...record.use]
  })
  return (target: object, context?: unknown, descriptor?: PropertyDescriptor): void => {
    const onClass = isStandard(context)
      ? context.kind === 'class'
      : context === undefined && typeof target === 'function'
    if (onClass) classes.set(target, [...middleware, ...(classes.get(target) ?? [])])
    else onMethod(target, context, descriptor)
  }
}

/** What all `@use` on the classes of an instance said, the outermost first: that of the nearest class. */
export function classMiddleware(instance: object): readonly Middleware[] {
  return [...classesOf(instance)].flatMap((type) => classes.get(type) ?? [])
}
