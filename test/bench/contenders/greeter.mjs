import protobuf from 'protobufjs'
import { proto } from './contract.mjs'

const { root } = protobuf.parse(proto)

/** A method of the service as grpc-js takes it: protobufjs codecs, no proto-loader. */
function method(name, [request, response], responseStream) {
  const Request = root.lookupType(request)
  const Response = root.lookupType(response)
  return {
    path: `/bench.Greeter/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: (value) => Buffer.from(Request.encode(value).finish()),
    requestDeserialize: (bytes) => Request.decode(bytes),
    responseSerialize: (value) => Buffer.from(Response.encode(value).finish()),
    responseDeserialize: (bytes) => Response.decode(bytes),
  }
}

const sayHello = method('SayHello', ['bench.HelloRequest', 'bench.HelloReply'], false)

/** What unary rows serve. */
export const unaryGreeter = { sayHello }

/** The whole service. */
export const greeter = { sayHello, watch: method('Watch', ['bench.WatchRequest', 'bench.Chunk'], true) }
