import type promClient from 'prom-client'
import type { Counter, Gauge, Registry } from 'prom-client'
import { lazyPackage } from '../../codec/library/lazy-package.js'
import type { CircuitState } from './circuit.js'

const VALUES: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 }

/** Shows the states of circuits in prom-client. Circuits of one key on one registry show as one. */
export class CircuitMetrics {
  readonly #state: Gauge<'breaker'>
  readonly #transitions: Counter<'breaker' | 'to'>

  constructor(registry?: Registry) {
    // Only who breaks circuits loads prom-client.
    const { Counter, Gauge, register } = lazyPackage<typeof promClient>('prom-client')
    const scraped = registry ?? register
    const known = <M>(name: string): M | undefined => scraped.getSingleMetric(name) as M | undefined
    const state = {
      name: 'tierkit_circuit_breaker_state',
      help: 'State of a circuit: 0 closed, 1 half open, 2 open.',
      labelNames: ['breaker'] as const,
      registers: [scraped],
    }
    const transitions = {
      name: 'tierkit_circuit_breaker_transitions_total',
      help: 'Number of times that a circuit changed to a state.',
      labelNames: ['breaker', 'to'] as const,
      registers: [scraped],
    }
    this.#state = known<Gauge<'breaker'>>(state.name) ?? new Gauge(state)
    this.#transitions = known<Counter<'breaker' | 'to'>>(transitions.name) ?? new Counter(transitions)
  }

  added(breaker: string): void {
    this.#state.set({ breaker }, VALUES.closed)
  }

  changed(breaker: string, to: CircuitState): void {
    this.#state.set({ breaker }, VALUES[to])
    this.#transitions.inc({ breaker, to })
  }

  removed(breaker: string): void {
    this.#state.remove({ breaker })
    for (const to of Object.keys(VALUES)) this.#transitions.remove({ breaker, to })
  }
}
