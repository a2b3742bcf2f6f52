import type { Instance, Resolver } from 'tierkit/registry'

/** An instance of a service, by its id. */
export function instanceOf(name: string, id: string, facts: Partial<Instance> = {}): Instance {
  return { id, name, version: '1.0.0', metadata: {}, endpoints: [`grpc://10.0.0.1:${9000 + id.length}`], ...facts }
}

/** A watch that runs on by itself and can be asked to wait for something. */
export class Follower {
  /** Every set that was seen, in order. */
  readonly sets: (readonly Instance[])[] = []
  /** Resolves when the watch has ended. */
  readonly ended: Promise<void>
  readonly #controller = new AbortController()
  #told = (): void => {}

  constructor(resolver: Resolver, service: string) {
    this.ended = this.#run(resolver.watch(service, this.#controller.signal))
  }

  /** Ids of the set seen last, sorted; `undefined` before the first. */
  get ids(): readonly string[] | undefined {
    return this.sets
      .at(-1)
      ?.map(({ id }) => id)
      .sort()
  }

  /** Resolves once the present set consists of these ids. */
  async until(...ids: string[]): Promise<readonly Instance[]> {
    await this.when(() => this.ids?.join() === [...ids].sort().join())
    return this.sets.at(-1) ?? []
  }

  /** Resolves once something holds; asked after every set. */
  async when(holds: () => boolean): Promise<void> {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        this.#told = resolve
      })
    }
  }

  async stop(): Promise<void> {
    this.#controller.abort()
    await this.ended
  }

  async #run(sets: AsyncIterable<readonly Instance[]>): Promise<void> {
    for await (const instances of sets) {
      this.sets.push(instances)
      this.#told()
    }
  }
}
