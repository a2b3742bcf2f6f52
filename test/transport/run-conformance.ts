import type { MethodKind } from 'tierkit/endpoint'
import { conformanceCases, type TransportUnderTest } from 'tierkit/testing'
import { describe, it } from 'vitest'

/** The four kinds of call. */
export const allKinds: readonly MethodKind[] = ['unary', 'client_stream', 'server_stream', 'bidi_stream']

/** Runs the conformance table over a transport. */
export function runConformance(transport: TransportUnderTest): void {
  const cases = conformanceCases(transport)
  describe.each(transport.kinds)(`${transport.name}: %s`, (kind) => {
    const rows = cases.filter((each) => each.kind === kind).map(({ name, run }) => [name, run] as const)
    it.each(rows)('%s', (_, run) => run())
  })
}

/** Closes a channel, then its server. */
export async function closeBoth(
  channel: { close(): Promise<void> },
  server: { close(): Promise<void> },
): Promise<void> {
  await channel.close()
  await server.close()
}
