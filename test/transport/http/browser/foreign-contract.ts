import { create, createFileRegistry, type DescMessage, type DescService } from '@bufbuild/protobuf'
import {
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
  MethodOptions_IdempotencyLevel,
} from '@bufbuild/protobuf/wkt'

const message = (name: string, fields: readonly [string, FieldDescriptorProto_Type][]) => ({
  name,
  field: fields.map(([name, type], at) => ({
    name,
    jsonName: name,
    type,
    number: at + 1,
    label: FieldDescriptorProto_Label.OPTIONAL,
  })),
})
const method = (name: string, more: object = {}) => ({
  name,
  inputType: '.web.v1.Echo',
  outputType: '.web.v1.Echo',
  ...more,
})

const file = create(FileDescriptorProtoSchema, {
  name: 'web.proto',
  package: 'web.v1',
  syntax: 'proto3',
  messageType: [
    message('Echo', [
      ['text', FieldDescriptorProto_Type.STRING],
      ['number', FieldDescriptorProto_Type.INT64],
      ['payload', FieldDescriptorProto_Type.BYTES],
    ]),
    message('Detail', [['text', FieldDescriptorProto_Type.STRING]]),
  ],
  service: [
    {
      name: 'Web',
      method: [
        method('Say'),
        method('Look', { options: { idempotencyLevel: MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS } }),
        method('List', { serverStreaming: true }),
        method('Join', { clientStreaming: true }),
        method('Chat', { clientStreaming: true, serverStreaming: true }),
        method('Absent'),
      ],
    },
  ],
})
const registry = createFileRegistry(file, () => undefined)

/** The contract as the clients of others have it, with a method more than the server. */
export const ForeignWeb = registry.getService('web.v1.Web') as DescService
export const ForeignEcho = registry.getMessage('web.v1.Echo') as DescMessage
