import type promClient from 'prom-client'
import type { Counter, Gauge, Registry } from 'prom-client'
import { lazyPackage } from '../../codec/library/lazy-package.js'
import type { CircuitState } from './circuit.js'

const VALUES: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 }

type Label = 'name' | 'breaker'

/** Shows the states of circuits in prom-client. Circuits of one key in breakers of one name on one registry show as one. */
export class CircuitMetrics {
  readonly #own: { readonly name?: string }
  readonly #state: Gauge<Label>
  readonly #transitions: Counter<Label | 'to'>

  /** Without a name there is no label for it. */
  constructor(name: string | undefined, registry?: Registry) {
    this.#own = name === undefined ? {} : { name }
    // Only who breaks circuits loads prom-client.
    const { Counter, Gauge, register } = lazyPackage<typeof promClient>('prom-client')
    const scraped = registry ?? register
    const known = <M>(name: string): M | undefined => scraped.getSingleMetric(name) as M | undefined
    const state = {
      name: 'tierkit_circuit_breaker_state',
      help: 'State of a circuit: 0 closed, 1 half open, 2 open.',
      labelNames: ['name', 'breaker'] as const,
      registers: [scraped],
    }
    const transitions = {
      name: 'tierkit_circuit_breaker_transitions_total',
      help: 'Number of times that a circuit changed to a state.',
      labelNames: ['name', 'breaker', 'to'] as const,
      registers: [scraped],
    }
    this.#state = known<Gauge<Label>>(state.name) ?? new Gauge(state)
    this.#transitions = known<Counter<Label | 'to'>>(transitions.name) ?? new Counter(transitions)
  }

  added(breaker: string): void {
    this.#state.set({ ...this.#own, breaker }, VALUES.closed)
  }

  changed(breaker: string, to: CircuitState): void {
    this.#state.set({ ...this.#own, breaker }, VALUES[to])
    this.#transitions.inc({ ...this.#own, breaker, to })
  }

  removed(breaker: string): void {
    this.#state.remove({ ...this.#own, breaker })
    for (const to of Object.keys(VALUES)) this.#transitions.remove({ ...this.#own, breaker, to })
  }
}
