import { createLogger } from '../observability/create-logger.js'
import type { Health } from '../observability/health.js'
import type { Logger } from '../observability/logger.js'
import type { Instance } from '../registry/registry.js'
import type { App, AppAddresses } from './app.js'
import type { AppOptions } from './app-options.js'
import { type Assembly, assemble } from './assemble.js'
import { Lifecycle } from './part/lifecycle.js'
import { runUntilSignal } from './run-until-signal.js'

/**
 * Makes an app of services and servers.
 *
 * ```ts
 * const app = createApp({
 *   name: 'greeter',
 *   services: [new GreeterService()],
 *   servers: [grpc({ port: 9000 }), http({ port: 8000 })],
 *   registry: 'file:///run/shop',
 * })
 * await app.run()
 * ```
 *
 * Nothing runs until it starts. Throws a `TypeError` if services or registry cannot be used.
 */
export function createApp(options: AppOptions): App {
  return new Application(options)
}

class Application implements App {
  readonly #assembly: Assembly
  readonly #lifecycle: Lifecycle
  readonly #logger: Logger
  readonly #signals: readonly NodeJS.Signals[]
  readonly #stop = new AbortController()
  #addresses: AppAddresses | undefined
  #starting: Promise<AppAddresses> | undefined
  #stopping: Promise<void> | undefined
  /** What went wrong while a start was undone. */
  #rollbackErrors: readonly Error[] = []

  constructor(options: AppOptions) {
    const { name, version, signals = ['SIGTERM', 'SIGINT'] } = options
    this.#logger = options.logger ?? createLogger({ name, version })
    this.#assembly = assemble({ ...options, logger: this.#logger })
    this.#lifecycle = new Lifecycle(this.#assembly.parts, this.#assembly.clock)
    this.#signals = signals
  }

  get instance(): Instance {
    return this.#assembly.instance()
  }

  get health(): Health {
    return this.#assembly.health
  }

  get addresses(): AppAddresses | undefined {
    return this.#addresses
  }

  start(): Promise<AppAddresses> {
    this.#starting ??= this.#start()
    return this.#starting
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#end()
    return this.#stopping
  }

  run(): Promise<void> {
    return runUntilSignal(this, { signals: this.#signals, logger: this.#logger, stopped: this.#stop.signal })
  }

  async #start(): Promise<AppAddresses> {
    try {
      await this.#lifecycle.start(this.#stop.signal)
    } catch (first) {
      this.#rollbackErrors = await this.#lifecycle.stop()
      throw this.#startError(first)
    }
    this.#addresses = this.#assembly.addresses()
    const { servers, admin } = this.#addresses
    this.#logger.info({ servers: servers.flatMap(({ url, urls = [url] }) => urls), admin: admin?.url }, 'started')
    return this.#addresses
  }

  async #end(): Promise<void> {
    this.#stop.abort(new Error('the app was stopped'))
    if (!this.#starting) return
    const running = await this.#starting.then(
      () => true,
      () => false,
    )
    if (running) this.#logger.info('stopping')
    const errors = running ? await this.#lifecycle.stop() : this.#rollbackErrors
    if (errors.length > 0) throw new AggregateError(errors, this.#summary('did not stop cleanly', errors))
    if (running) this.#logger.info('stopped')
  }

  #startError(first: unknown): AggregateError {
    const cause = first instanceof Error ? (first.cause ?? first) : first
    const errors = [first, ...this.#rollbackErrors]
    return new AggregateError(errors, this.#summary('did not start', errors), { cause })
  }

  #summary(what: string, errors: readonly unknown[]): string {
    const texts = errors.map((error) => (error instanceof Error ? error.message : String(error)))
    return `${this.instance.name} ${what}: ${texts.join('; ')}`
  }
}
