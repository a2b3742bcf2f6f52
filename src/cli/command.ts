import { RpcError } from '../error/rpc-error.js'

/** What a command reads, prints and obeys: the process's own, or a test's. */
export interface Terminal {
  readonly input: AsyncIterable<Uint8Array | string>
  /** Prints a line of results. Resolves when there is room for more. */
  print(line: string): Promise<void>
  /** Prints a line for people, beside the results. */
  warn(line: string): void
  /** Aborts when the command must end: Ctrl-C. */
  readonly signal: AbortSignal
}

/** Runs with the arguments behind its name; resolves with the exit code. */
export type Command = (args: readonly string[], terminal: Terminal) => Promise<number>

/** The arguments are wrong: the message is for whoever typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Runs what fails only on wrong arguments. */
export function asUsage<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

/** What went wrong, for people. */
export function messageOf(error: unknown): string {
  if (error instanceof RpcError) return error.rawMessage
  return error instanceof Error ? error.message : String(error)
}

/** Exit code for wrong arguments: `EX_USAGE` of sysexits, which is no gRPC code. */
export const EXIT_USAGE = 64
