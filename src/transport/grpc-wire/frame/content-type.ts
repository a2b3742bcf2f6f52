const GRPC = /^application\/grpc\s*($|[+;])/i
const PROTOBUF = /^application\/grpc(\+proto)?\s*($|;)/i

/** Whether content is of gRPC, whatever its messages are written in. */
export function isGrpcContent(type: string): boolean {
  return GRPC.test(type)
}

/** Why messages of a content type of gRPC cannot be read; `undefined` if they can. */
export function foreignFormat(type: string): string | undefined {
  if (PROTOBUF.test(type)) return undefined
  return `${type} cannot be read: messages are in protobuf here, application/grpc or application/grpc+proto`
}
