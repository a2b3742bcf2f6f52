import type { Enum, Field, NamespaceBase, ReflectionObject, Type } from 'protobufjs/light.js'
import { protobufLibrary } from '../protobuf/library/protobuf-library.js'

/** The file of a declaration. Types inside of a message have that of the message; types of code, one for their package. */
export function fileOf(object: ReflectionObject): string {
  if (object.filename) return object.filename
  const { parent } = object
  return parent && isType(parent) ? fileOf(parent) : packageFile(parent?.fullName.slice(1) ?? '')
}

/** The file that types of a package are in when nothing else is said: `shop/v1/shop.proto` for `shop.v1`. */
export function packageFile(name: string): string {
  const parts = name.split('.').filter((part) => part !== '')
  const last = parts.findLast((part) => !/^v\d+\w*$/.test(part)) ?? 'contract'
  return [...parts, `${last}.proto`].join('/')
}

/** The types below a namespace that a file declares. */
export function typesOf(namespace: NamespaceBase, file: string): (Type | Enum)[] {
  return namespace.nestedArray.flatMap((object) => {
    const own = isDeclared(object) && fileOf(object) === file ? [object] : []
    return 'nestedArray' in object ? [...own, ...typesOf(object as NamespaceBase, file)] : own
  })
}

/** The fields below a namespace that are added to messages: those that the file adds, or all. */
export function extensionFields(namespace: NamespaceBase, file?: string): Field[] {
  return namespace.nestedArray.flatMap((object) => {
    const own = object instanceof protobufLibrary().Field && object.extend !== undefined
    return [
      ...(own && (file === undefined || fileOf(object) === file) ? [object as Field] : []),
      ...('nestedArray' in object ? extensionFields(object as NamespaceBase, file) : []),
    ]
  })
}

/** The package of a declaration. */
export function packageOf({ parent }: ReflectionObject): string {
  return parent && isType(parent) ? packageOf(parent) : (parent?.fullName.slice(1) ?? '')
}

function isDeclared(object: ReflectionObject): object is Type | Enum {
  return isType(object) || object instanceof protobufLibrary().Enum
}

/** True of a message type. */
export function isType(object: ReflectionObject): object is Type {
  return object instanceof protobufLibrary().Type
}

/** Full name, without a dot in front. */
export function fullName(object: ReflectionObject): string {
  return object.fullName.slice(1)
}

/** Names from the package down. */
export function pathOf(object: ReflectionObject): string[] {
  const { parent } = object
  return [...(parent && isType(parent) ? pathOf(parent) : []), object.name]
}
