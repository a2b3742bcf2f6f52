import protobuf from 'protobufjs'

const { root } = protobuf.parse(`syntax = "proto3"; package bench;
  message HelloRequest { string name = 1; } message HelloReply { string message = 1; }`)
const HelloRequest = root.lookupType('bench.HelloRequest')
const HelloReply = root.lookupType('bench.HelloReply')

/** The service that all contenders serve, as grpc-js takes it: protobufjs codecs, no proto-loader. */
export const greeter = {
  sayHello: {
    path: '/bench.Greeter/SayHello',
    requestStream: false,
    responseStream: false,
    requestSerialize: (value) => Buffer.from(HelloRequest.encode(value).finish()),
    requestDeserialize: (bytes) => HelloRequest.decode(bytes),
    responseSerialize: (value) => Buffer.from(HelloReply.encode(value).finish()),
    responseDeserialize: (bytes) => HelloReply.decode(bytes),
  },
}
