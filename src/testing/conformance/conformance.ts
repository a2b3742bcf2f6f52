import type { MethodKind } from '../../endpoint/method.js'
import { callCases } from './calls.js'
import { cancellationCases } from './cancellation.js'
import { drainCases } from './drain.js'
import { loadCases } from './load.js'
import { metadataCases } from './metadata.js'
import type { TransportUnderTest } from './stage.js'

/** One claim about one kind of call; `run` rejects if it does not hold. */
export interface ConformanceCase {
  readonly kind: MethodKind
  /** A sentence: `brings trailers with an error`. */
  readonly name: string
  /** Resolves if the claim holds. */
  run(): Promise<void>
}

/**
 * The table that every transport must pass: each claim for each kind of call that the transport carries.
 *
 * ```ts
 * import { conformanceCases, type TransportUnderTest } from 'tierkit/testing'
 * declare const transport: TransportUnderTest
 * declare function test(name: string, run: () => Promise<void>): void
 *
 * for (const { kind, name, run } of conformanceCases(transport)) test(`${kind}: ${name}`, run)
 * ```
 */
export function conformanceCases(transport: TransportUnderTest): readonly ConformanceCase[] {
  const groups = [callCases, metadataCases, cancellationCases, loadCases, drainCases]
  return transport.kinds.flatMap((kind) =>
    groups
      .flatMap((group) => Object.entries(group))
      .filter(([, claim]) => typeof claim === 'function' || claim.appliesTo(kind))
      .map(([name, claim]) => {
        const run = typeof claim === 'function' ? claim : claim.run
        return { kind, name, run: () => run(transport, kind) }
      }),
  )
}
