import type { Registry } from 'prom-client'
import type { MiddlewareSnapshot } from '../../endpoint/middleware.js'
import type { Clock } from '../../resilience/clock.js'
import { LruMap } from '../../resilience/lru-map.js'
import { Circuit, type CircuitInit, type CircuitState } from './circuit.js'
import { CircuitMetrics } from './circuit-metrics.js'
import { circuitsSnapshot, type KeyedCircuit } from './circuits-snapshot.js'

/** A circuit changed its state. */
export interface CircuitEvent {
  /** What the circuit guards: a method's path, with the instance's address where there is one. */
  readonly key: string
  readonly from: CircuitState
  readonly to: CircuitState
}

/** What is the same for all circuits of a breaker. */
export interface CircuitsInit extends Omit<CircuitInit, 'clock' | 'changed'> {
  readonly maxKeys: number
  /** The label `name` of the metrics. */
  readonly name: string | undefined
  readonly registry: Registry | false | undefined
  readonly onStateChange: ((event: CircuitEvent) => void) | undefined
}

/** The circuits of one breaker by their keys, as many as are allowed. */
export class Circuits {
  readonly #init: CircuitsInit
  readonly #circuits: LruMap<string, KeyedCircuit>
  #metrics: CircuitMetrics | undefined

  constructor(init: CircuitsInit) {
    this.#init = init
    this.#circuits = new LruMap({
      maxKeys: init.maxKeys,
      evicted: ({ key, circuit }) => {
        circuit.close()
        this.#metrics?.removed(key)
      },
    })
  }

  /** The circuit of a key, closed if it is new. */
  of(key: string, clock: Clock): Circuit {
    return this.#circuits.getOrAdd(key, () => ({ key, circuit: this.#make(key, clock) })).circuit
  }

  /** What they do now. */
  snapshot(): MiddlewareSnapshot {
    return circuitsSnapshot(this.#init.name, this.#circuits.values())
  }

  #make(key: string, clock: Clock): Circuit {
    const { name, registry } = this.#init
    if (registry !== false) this.#metrics ??= new CircuitMetrics(name, registry)
    this.#metrics?.added(key)
    return new Circuit({ ...this.#init, clock, changed: (from, to) => this.#changed({ key, from, to }) })
  }

  #changed(event: CircuitEvent): void {
    this.#metrics?.changed(event.key, event.to)
    try {
      this.#init.onStateChange?.(event)
    } catch {
      // What a listener does wrong must not be taken for a failure of the call.
    }
  }
}
