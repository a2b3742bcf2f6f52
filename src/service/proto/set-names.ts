import type {
  DescriptorProto,
  EnumDescriptorProto,
  FileDescriptorProto,
} from '../../codec/descriptor/file-descriptor.js'
import { type DescriptorPath, Locations, Part } from '../../codec/descriptor/read/locations.js'
import { PROTOTYPE_NAME } from '../proto-check/check-names.js'
import type { ProtoProblem } from './proto-error.js'

interface Named {
  readonly name?: string | undefined
}

/** What a descriptor set calls `__proto__`, which no object can have as a key. */
export function setNameProblems(file: FileDescriptorProto): ProtoProblem[] {
  const { name = '', package: pkg = '', messageType, enumType, service } = file
  const paths = [
    ...(pkg.split('.').includes('__proto__') ? [[]] : []),
    ...each(messageType, [Part.message], messagePaths),
    ...each(enumType, [Part.enum], enumPaths),
    ...each(service, [Part.service], ({ method }, path) => each(method, [...path, Part.method])),
  ]
  const locations = new Locations(file)
  return paths.map((path) => {
    const place = locations.position(path)
    return { file: name, line: place?.line, column: place?.column, text: PROTOTYPE_NAME }
  })
}

function messagePaths({ nestedType, enumType }: DescriptorProto, path: DescriptorPath): DescriptorPath[] {
  return [
    ...each(nestedType, [...path, Part.nestedMessage], messagePaths),
    ...each(enumType, [...path, Part.nestedEnum], enumPaths),
  ]
}

function enumPaths({ value }: EnumDescriptorProto, path: DescriptorPath): DescriptorPath[] {
  return each(value, [...path, Part.value])
}

/** The paths of declarations that have the name, and of those in them. */
function each<T extends Named>(
  all: readonly T[],
  path: DescriptorPath,
  inner: (one: T, path: DescriptorPath) => DescriptorPath[] = () => [],
): DescriptorPath[] {
  return all.flatMap((one, index) => {
    const own = [...path, index]
    return [...(one.name === '__proto__' ? [own] : []), ...inner(one, own)]
  })
}
