import type { MiddlewareSnapshot } from '../../endpoint/middleware.js'
import type { Circuit, CircuitSnapshot, CircuitState } from './circuit.js'

/** A circuit with its key. */
export interface KeyedCircuit {
  readonly key: string
  readonly circuit: Circuit
}

/** Most circuits that are shown: those that are open first, then those with most failures. */
const MOST = 100
const LONGEST_KEY = 200
const RANK: Readonly<Record<CircuitState, number>> = { open: 0, half_open: 1, closed: 2 }

/** What a breaker tells of its circuits: how many are in which state, and the ones that matter. */
export function circuitsSnapshot(name: string | undefined, circuits: Iterable<KeyedCircuit>): MiddlewareSnapshot {
  const all = [...circuits].map(({ key, circuit }) => ({ key, now: circuit.snapshot() }))
  const inState = (state: CircuitState): number => all.filter(({ now }) => now.state === state).length
  const shown = all.sort((a, b) => RANK[a.now.state] - RANK[b.now.state] || b.now.failures - a.now.failures)
  return {
    middleware: 'circuitBreaker',
    ...(name !== undefined && { name }),
    closed: inState('closed'),
    halfOpen: inState('half_open'),
    open: inState('open'),
    circuits: shown.slice(0, MOST).map(({ key, now }) => shownAs(key, now)),
  }
}

function shownAs(key: string, now: CircuitSnapshot): object {
  return {
    key: key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key,
    ...now,
    since: date(now.since),
    openedAt: date(now.openedAt),
    retryAt: date(now.retryAt),
  }
}

function date(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time).toISOString()
}
