import protobuf, { type Field, type NamespaceBase } from 'protobufjs'

/** Names the fields that groups are as compilers do: after their type, in lower case. */
export function nameGroups(namespace: NamespaceBase): void {
  for (const object of namespace.nestedArray) {
    if (object instanceof protobuf.Field) nameGroup(object, namespace)
    if (object instanceof protobuf.Type) for (const field of object.fieldsArray) nameGroup(field, object)
    if ('nestedArray' in object) nameGroups(object as NamespaceBase)
  }
}

function nameGroup(field: Field, scope: NamespaceBase): void {
  const type = scope.get(field.type)
  if (!(type instanceof protobuf.Type) || !isGroup(type) || type.name.toLowerCase() !== field.name.toLowerCase()) return
  const protoName = type.name.toLowerCase()
  Object.assign(field, { protoName, jsonName: field.jsonName ?? protoName })
}

function isGroup(type: object): boolean {
  return 'group' in type && type.group === true
}
