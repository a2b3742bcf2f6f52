/** How an engine of tierkit is named and what makes its servers and channels: `fast`, or `grpc-js`. */
export async function engineOf(name) {
  if (name === 'fast') {
    const { grpcServer, grpcChannel } = await import('tierkit/transport/grpc')
    return { makeServer: grpcServer, makeChannel: grpcChannel }
  }
  const { grpcJsServer, grpcJsChannel } = await import('tierkit/transport/grpc-js')
  return { makeServer: grpcJsServer, makeChannel: grpcJsChannel }
}
