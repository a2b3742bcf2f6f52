import type { Client } from '../client/client.js'
import { type ClientOptions, closeClient, createClient } from '../client/create-client.js'
import type { Middleware } from '../endpoint/middleware.js'
import { bindings } from '../service/bindings.js'
import type { ServiceDefinition } from '../service/definition.js'
import { createInproc } from '../transport/inproc/inproc.js'

/** What stands between a test and its service. */
export interface TestClientOptions<D extends ServiceDefinition = ServiceDefinition>
  extends Pick<ClientOptions<D>, 'timeoutMs' | 'methods' | 'clock'> {
  /** Stands around the service, as an app's does. None by default. */
  readonly middleware?: readonly Middleware[] | undefined
  /** Stands around the client. None by default. */
  readonly clientMiddleware?: readonly Middleware[] | undefined
  /** Whether messages pass through their codecs, as over a wire. True by default. */
  readonly copy?: boolean | undefined
}

/**
 * Makes a client that calls services of this process, without sockets: with its middleware, deadlines, cancellation,
 * metadata and errors, as over a wire.
 *
 * ```ts
 * await using greeter = await createTestClient(Greeter, new GreeterService(), { middleware: [validate()] })
 * expect(await greeter.sayHello({ name: 'Ada' })).toEqual({ message: 'Hello Ada' })
 * ```
 *
 * `services` is one service, or several: what `implement` returns, or instances of classes with `@service`. Closing the
 * client, with `closeClient`, ends all of it. Throws a `TypeError` for what is no service.
 */
export async function createTestClient<D extends ServiceDefinition>(
  definition: D,
  services: object | readonly object[],
  options: TestClientOptions<D> = {},
): Promise<Client<D>> {
  const { middleware = [], clientMiddleware = [], copy, clock, ...calls } = options
  const all: readonly object[] = Array.isArray(services) ? services : [services]
  const { server, channel } = createInproc({ copy, clock })
  await server.listen(bindings(all, ...middleware))
  const client = createClient(definition, { ...calls, channel, middleware: clientMiddleware, clock })
  const close = async (): Promise<void> => {
    await closeClient(client)
    await channel.close()
    await server.close()
  }
  return { ...client, [Symbol.asyncDispose]: close }
}
