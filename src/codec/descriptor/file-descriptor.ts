import type { MessageCodec } from '../message-codec.js'
import { descriptorCodec } from './descriptor-codec.js'
import type {
  EnumOptions,
  EnumValueOptions,
  ExtensionRangeOptions,
  FieldOptions,
  FileOptions,
  MessageOptions,
  MethodOptions,
  OneofOptions,
  ServiceOptions,
} from './descriptor-options.js'
import type { Kept } from './kept.js'

/** Files, each behind those that it imports: what `protoc --descriptor_set_out` writes. */
export interface FileDescriptorSet extends Kept {
  readonly file: readonly FileDescriptorProto[]
}

/** A `.proto` file. */
export interface FileDescriptorProto extends Kept {
  /** As it is imported: `shop/v1/orders.proto`. */
  readonly name?: string | undefined
  readonly package?: string | undefined
  /** Names of the files that it imports. */
  readonly dependency: readonly string[]
  /** Which of `dependency` are imported for those who import this file, by their index. */
  readonly publicDependency: readonly number[]
  readonly weakDependency: readonly number[]
  /** Names of the files that are imported for their options only. */
  readonly optionDependency: readonly string[]
  readonly messageType: readonly DescriptorProto[]
  readonly enumType: readonly EnumDescriptorProto[]
  readonly service: readonly ServiceDescriptorProto[]
  readonly extension: readonly FieldDescriptorProto[]
  readonly options?: FileOptions | undefined
  readonly sourceCodeInfo?: SourceCodeInfo | undefined
  /** `proto3`, or `editions`; `proto2` if it is absent. */
  readonly syntax?: string | undefined
  /** One of `Edition`, where `syntax` is `editions`. */
  readonly edition?: number | undefined
}

/** A message type. */
export interface DescriptorProto extends Kept {
  readonly name?: string | undefined
  readonly field: readonly FieldDescriptorProto[]
  readonly extension: readonly FieldDescriptorProto[]
  readonly nestedType: readonly DescriptorProto[]
  readonly enumType: readonly EnumDescriptorProto[]
  readonly extensionRange: readonly ExtensionRange[]
  readonly oneofDecl: readonly OneofDescriptorProto[]
  readonly options?: MessageOptions | undefined
  readonly reservedRange: readonly ReservedRange[]
  readonly reservedName: readonly string[]
  /** 0 as the file says, 1 local, 2 for all. */
  readonly visibility?: number | undefined
}

/** Numbers that extensions of a message may have. */
export interface ExtensionRange extends Kept {
  readonly start?: number | undefined
  /** The number behind the last one. */
  readonly end?: number | undefined
  readonly options?: ExtensionRangeOptions | undefined
}

/** Numbers that no field of a message may have. */
export interface ReservedRange extends Kept {
  readonly start?: number | undefined
  /** The number behind the last one. */
  readonly end?: number | undefined
}

/** A field of a message, or an extension of one. */
export interface FieldDescriptorProto extends Kept {
  readonly name?: string | undefined
  readonly number?: number | undefined
  /** One of `FieldLabel`. */
  readonly label?: number | undefined
  /** One of `FieldType`; absent where only the name of the type is known. */
  readonly type?: number | undefined
  /** Of messages, groups and enums; a full name begins with a dot. */
  readonly typeName?: string | undefined
  /** Of extensions: the message that they extend. */
  readonly extendee?: string | undefined
  /** As text; of bytes, with C escapes. */
  readonly defaultValue?: string | undefined
  /** Which of `oneofDecl` the field is a case of. */
  readonly oneofIndex?: number | undefined
  readonly jsonName?: string | undefined
  readonly options?: FieldOptions | undefined
  /** `optional` was written in proto3. The field is the only case of a oneof then. */
  readonly proto3Optional?: boolean | undefined
}

/** A oneof. */
export interface OneofDescriptorProto extends Kept {
  readonly name?: string | undefined
  readonly options?: OneofOptions | undefined
}

/** An enum. */
export interface EnumDescriptorProto extends Kept {
  readonly name?: string | undefined
  readonly value: readonly EnumValueDescriptorProto[]
  readonly options?: EnumOptions | undefined
  readonly reservedRange: readonly EnumReservedRange[]
  readonly reservedName: readonly string[]
  readonly visibility?: number | undefined
}

/** Numbers that no value of an enum may have. */
export interface EnumReservedRange extends Kept {
  readonly start?: number | undefined
  /** The last one. */
  readonly end?: number | undefined
}

/** A value of an enum. */
export interface EnumValueDescriptorProto extends Kept {
  readonly name?: string | undefined
  readonly number?: number | undefined
  readonly options?: EnumValueOptions | undefined
}

/** A service. */
export interface ServiceDescriptorProto extends Kept {
  readonly name?: string | undefined
  readonly method: readonly MethodDescriptorProto[]
  readonly options?: ServiceOptions | undefined
}

/** A method of a service. */
export interface MethodDescriptorProto extends Kept {
  readonly name?: string | undefined
  /** Full name with a dot in front. */
  readonly inputType?: string | undefined
  /** Full name with a dot in front. */
  readonly outputType?: string | undefined
  readonly options?: MethodOptions | undefined
  readonly clientStreaming?: boolean | undefined
  readonly serverStreaming?: boolean | undefined
}

/** Where in the file declarations are, and the comments at them. */
export interface SourceCodeInfo extends Kept {
  readonly location: readonly SourceLocation[]
}

/** A declaration, or a part of one. */
export interface SourceLocation extends Kept {
  /** Field numbers and indexes from the file descriptor down. */
  readonly path: readonly number[]
  /** Start line, start column, end line unless it is the same, end column; from 0. */
  readonly span: readonly number[]
  readonly leadingComments?: string | undefined
  readonly trailingComments?: string | undefined
  readonly leadingDetachedComments: readonly string[]
}

/** Codec of `google.protobuf.FileDescriptorSet`. What it does not know is kept. */
export const FileDescriptorSet: MessageCodec<FileDescriptorSet> = descriptorCodec('FileDescriptorSet')
/** Codec of `google.protobuf.FileDescriptorProto`. What it does not know is kept. */
export const FileDescriptorProto: MessageCodec<FileDescriptorProto> = descriptorCodec('FileDescriptorProto')
