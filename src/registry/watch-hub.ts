import { Latest } from './latest.js'
import type { Instance } from './registry.js'

/**
 * Follows one service: calls `publish` with the full set, first and whenever it may have changed, until the returned
 * function is called. An instance that did not change must stay the same object: that is how changes are found.
 */
export type FollowService = (service: string, publish: (instances: readonly Instance[]) => void) => () => void

interface Topic {
  readonly readers: Set<Latest<readonly Instance[]>>
  instances: readonly Instance[] | undefined
  stop: () => void
}

/** Lets any number of watchers of a service share one source: it starts with the first and stops with the last. */
export class WatchHub {
  readonly #topics = new Map<string, Topic>()
  readonly #follow: FollowService
  #closed = false

  constructor(follow: FollowService) {
    this.#follow = follow
  }

  /** What `Resolver.watch` returns. The source starts when the result is first iterated, anew for each iterator. */
  watch(service: string, signal: AbortSignal): AsyncIterable<readonly Instance[]> {
    return { [Symbol.asyncIterator]: () => this.#subscribe(service, signal) }
  }

  /** Ends every watch. */
  close(): void {
    this.#closed = true
    for (const topic of this.#topics.values()) for (const reader of topic.readers) reader.end()
  }

  #subscribe(service: string, signal: AbortSignal): AsyncIterator<readonly Instance[]> {
    const end = (): void => reader.end()
    const reader = new Latest<readonly Instance[]>(() => {
      signal.removeEventListener('abort', end)
      this.#leave(service, reader)
    })
    if (this.#closed || signal.aborted) reader.end()
    else {
      signal.addEventListener('abort', end, { once: true })
      this.#join(service, reader)
    }
    return reader
  }

  #join(service: string, reader: Latest<readonly Instance[]>): void {
    const topic = this.#topics.get(service)
    if (topic) {
      topic.readers.add(reader)
      if (topic.instances) reader.push(topic.instances)
    } else this.#open(service, reader)
  }

  #open(service: string, reader: Latest<readonly Instance[]>): void {
    const topic: Topic = { readers: new Set([reader]), instances: undefined, stop: () => {} }
    this.#topics.set(service, topic)
    topic.stop = this.#follow(service, (instances) => {
      if (topic.instances && sameList(topic.instances, instances)) return
      topic.instances = instances
      for (const each of topic.readers) each.push(instances)
    })
  }

  #leave(service: string, reader: Latest<readonly Instance[]>): void {
    const topic = this.#topics.get(service)
    if (!topic?.readers.delete(reader) || topic.readers.size > 0) return
    this.#topics.delete(service)
    topic.stop()
  }
}

function sameList(one: readonly Instance[], other: readonly Instance[]): boolean {
  return one.length === other.length && one.every((instance, index) => instance === other[index])
}
