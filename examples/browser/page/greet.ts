import { createClient } from '@connectrpc/connect'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web'
import { Greeter } from './generated/greeter_pb.js'

/** What the page does with the service at a URL, over both protocols. */
export async function greet(baseUrl: string, print: (line: string) => void): Promise<void> {
  const transports = {
    Connect: createConnectTransport({ baseUrl }),
    'Connect by GET, in protobuf': createConnectTransport({ baseUrl, useHttpGet: true, useBinaryFormat: true }),
    'gRPC-Web': createGrpcWebTransport({ baseUrl }),
  }
  for (const [name, transport] of Object.entries(transports)) {
    const greeter = createClient(Greeter, transport)
    print(`${name}: ${(await greeter.sayHello({ text: 'Ada' })).text}`)
    for await (const { text } of greeter.countDown({ text: '3' })) print(`${name}: ${text}`)
  }
}
