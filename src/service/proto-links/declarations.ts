import protobuf, {
  type Enum,
  type Field,
  type NamespaceBase,
  type ReflectionObject,
  type Root,
  type Type,
} from 'protobufjs'

/** A field with the name that its file has. */
type NamedField = Field & { readonly protoName?: string }

/** What stands for a name, if it is of the kind that is looked for. */
type Kind<T extends ReflectionObject> = (object: ReflectionObject) => object is T

export const isMessage = (object: ReflectionObject): object is Type => object instanceof protobuf.Type
export const isEnum = (object: ReflectionObject): object is Enum => object instanceof protobuf.Enum
export const isType = (object: ReflectionObject): object is Type | Enum => isMessage(object) || isEnum(object)
export const isExtension = (object: ReflectionObject): object is Field =>
  object instanceof protobuf.Field && object.extend !== undefined

/** The name of a field in its file. */
export const nameOf = (field: NamedField): string => field.protoName ?? field.name

/** All that is declared below a root, by the rules by which names are looked up: from the inside out. */
export class Declarations {
  readonly #objects = new Map<string, ReflectionObject>()

  constructor(root: Root) {
    this.#add(root, '')
  }

  /** What a full name stands for. */
  get(fullName: string): ReflectionObject | undefined {
    return this.#objects.get(fullName)
  }

  /** What a name stands for in a scope; `undefined` if that is nothing of the kind. */
  find<T extends ReflectionObject>(name: string, scope: string, isKind: Kind<T>): T | undefined {
    if (name.startsWith('.')) return this.#of(name.slice(1), isKind)
    const [first = '', ...rest] = name.split('.')
    for (const outer of scopesFrom(scope)) {
      const found = this.#of(join(outer, name), isKind)
      if (found) return found
      // Who finds the first part looks for the rest there only, unless it is a package: others have parts of its name.
      const holder = this.#objects.get(join(outer, first))
      if (rest.length > 0 && holder && (isType(holder) || holder instanceof protobuf.Service)) return undefined
    }
    return undefined
  }

  #of<T extends ReflectionObject>(fullName: string, isKind: Kind<T>): T | undefined {
    const found = this.#objects.get(fullName)
    return found && isKind(found) ? found : undefined
  }

  #add(namespace: NamespaceBase, scope: string): void {
    for (const object of namespace.nestedArray) {
      const fullName = join(scope, isExtension(object) ? nameOf(object) : object.name)
      this.#objects.set(fullName, object)
      if ('nestedArray' in object) this.#add(object as NamespaceBase, fullName)
    }
  }
}

/** A scope and those around it, the one of everything last. */
function scopesFrom(scope: string): string[] {
  const parts = scope === '' ? [] : scope.split('.')
  return [...parts, ''].map((_, index) => parts.slice(0, parts.length - index).join('.'))
}

/** A name in a scope, in full. */
export function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`
}
