/** Services that protoc-gen-es generated, with their own messages. @module */
export { type FromProtobufEs, fromProtobufEs, type ProtobufEsKinds } from './from-protobuf-es.js'
