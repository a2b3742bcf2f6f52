import { fileURLToPath } from 'node:url'

const file = fileURLToPath(new URL('order.proto', import.meta.url))

/**
 * What each library makes of a message of the file, in the form that it has messages in: bytes, text, and back. Text and
 * values of JSON are turned into each other by the engine, where a library has no way of its own.
 */
export const libraries = { tierkit, 'protobuf-es': protobufEs, 'ts-proto': tsProto }

async function tierkit(name) {
  const { loadProto } = await import(process.env.TIERKIT_SERVICE ?? 'tierkit/service')
  const codec = loadProto(file).codec(`bench.v1.${name}`)
  return {
    message: (sample) => codec.decode(codec.encode(sample)),
    encode: (message) => codec.encode(message),
    decode: (bytes) => codec.decode(bytes),
    toText: (message) => codec.toJsonText(message),
    fromText: (text) => codec.fromJson(JSON.parse(text)),
  }
}

async function protobufEs(name) {
  const { fromBinary, fromJsonString, toBinary, toJsonString } = await import('@bufbuild/protobuf')
  const { GreetingSchema, OrderSchema } = await import('./generated/order.protobuf-es.mjs')
  const schema = { Greeting: GreetingSchema, Order: OrderSchema }[name]
  return {
    message: (_, bytes) => fromBinary(schema, bytes),
    encode: (message) => toBinary(schema, message),
    decode: (bytes) => fromBinary(schema, bytes),
    toText: (message) => toJsonString(schema, message),
    fromText: (text) => fromJsonString(schema, text),
  }
}

/** Has no ProtoJSON. */
async function tsProto(name) {
  const codec = (await import('./generated/order.ts-proto.mjs'))[name]
  return {
    message: (_, bytes) => codec.decode(bytes),
    encode: (message) => codec.encode(message).finish(),
    decode: (bytes) => codec.decode(bytes),
  }
}
