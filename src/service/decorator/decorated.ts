/** A class, whatever its constructor takes. */
export type AnyClass = abstract new (...args: never[]) => object

/** The second argument of a standard decorator; legacy decorators get a property name there, or nothing. */
export type StandardContext = ClassDecoratorContext | ClassMethodDecoratorContext | ClassFieldDecoratorContext

/** True in standard (TC39) mode, false in legacy (`experimentalDecorators`) mode. */
export function isStandard(context: unknown): context is StandardContext {
  return typeof context === 'object' && context !== null && 'kind' in context
}

/** The classes of an instance, its own first. */
export function* classesOf(instance: object): Generator<object> {
  for (let at = Object.getPrototypeOf(instance); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, 'constructor')) yield at.constructor
  }
}
