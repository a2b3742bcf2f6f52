/** One running process of a service, as registries know it. Plain facts, the same on every registry. */
export interface Instance {
  /** Unique for ever: a restarted process has a new one. */
  readonly id: string
  /** Service name: `orders`. */
  readonly name: string
  readonly version: string
  /** Free facts. tierkit reads `zone` and `weight` (a number above 0, 100 by default). */
  readonly metadata: Readonly<Record<string, string>>
  /** URLs where it listens: `grpc://10.0.0.7:9000`, `http://10.0.0.7:8000`. `grpcs` and `https` mean TLS. */
  readonly endpoints: readonly string[]
}

/** A registration that holds. Disposing deregisters; it resolves when that is done, or was tried in vain. */
export interface Registration extends AsyncDisposable {
  readonly instance: Instance
}

/** Tells others that an instance is there. */
export interface Registrar {
  /**
   * Registers an instance and keeps it registered, through any outage, until the registration is disposed or `signal`
   * aborts. Resolves when the instance is visible for the first time; rejects if `signal` aborts before that.
   */
  register(instance: Instance, signal?: AbortSignal): Promise<Registration>
}

/** Finds the instances of a service. */
export interface Resolver {
  /**
   * The instances of a service, always the full set: the present one at once, then one more after each change. It goes on
   * through outages, holding the last known set back from shrinking to nothing, and ends only with `signal`.
   */
  watch(service: string, signal: AbortSignal): AsyncIterable<readonly Instance[]>
}

/** Who is alive: both halves, and what people ask. */
export interface Registry extends Registrar, Resolver {
  /** Names of all services with an instance, sorted. */
  services(): Promise<readonly string[]>
  /** Ends every watch and registration, and releases connections. */
  close(): Promise<void>
}

/** What every kind of registry can be told. */
export interface RegistryOptions {
  /**
   * Told of each trouble in the background: an outage, a lost lease, an entry that cannot be read. The registry goes on
   * by itself; this is for logs. Nothing by default.
   */
  readonly onError?: ((error: Error) => void) | undefined
}
