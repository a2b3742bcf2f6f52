import protobuf, { type Field, type NamespaceBase, type Type } from 'protobufjs'

/** The option by which a message is known that was written as a group. */
export const GROUP_MARK = 'proto2_group'

/** Names the fields that groups are as compilers do: after their type, in lower case. */
export function nameGroups(namespace: NamespaceBase): void {
  for (const object of namespace.nestedArray) {
    if (object instanceof protobuf.Field) nameGroup(object, namespace)
    if (object instanceof protobuf.Type) for (const field of object.fieldsArray) nameGroup(field, object)
    if ('nestedArray' in object) nameGroups(object as NamespaceBase)
  }
}

function unmark(type: Type): void {
  if (type.options?.[GROUP_MARK] !== true) return
  delete type.options[GROUP_MARK]
  const parsedOptions = (type.parsedOptions as object[] | undefined)?.filter((part) => !(GROUP_MARK in part))
  Object.assign(type, { group: true, parsedOptions })
}

function nameGroup(field: Field, scope: NamespaceBase): void {
  const type = scope.get(field.type)
  if (!(type instanceof protobuf.Type)) return
  unmark(type)
  if (!isGroup(type) || type.name.toLowerCase() !== field.name.toLowerCase()) return
  Object.assign(field, { protoName: type.name.toLowerCase() })
}

function isGroup(type: object): boolean {
  return 'group' in type && type.group === true
}
