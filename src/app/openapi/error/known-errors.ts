import { type ContractFile, codeName, errorReasons, STATUS_OF_CODE } from '../kernel.js'
import { byName } from '../schema/texts.js'

/** A reason for which calls fail, as the contract has it. */
export interface KnownError {
  readonly status: number
  /** Name of its code: `NOT_FOUND`. */
  readonly code: string
  readonly reason: string
  readonly domain: string
  readonly description?: string
}

/** The reasons that the enums of files name, by package. */
export function knownErrors(
  files: readonly ContractFile[],
  onWarning: (text: string) => void,
): ReadonlyMap<string, readonly KnownError[]> {
  const found = new Map<string, KnownError[]>()
  for (const file of files) {
    for (const type of file.enums) {
      try {
        found.set(file.package, [...(found.get(file.package) ?? []), ...errorsIn(type)])
      } catch (thrown) {
        onWarning(`${type.fullName}: ${(thrown as Error).message}`)
      }
    }
  }
  return found
}

function errorsIn(type: ContractFile['enums'][number]): KnownError[] {
  const { domain = '', reasons = {} } = errorReasons(type) ?? {}
  return Object.entries(reasons).map(([reason, { code, message, httpStatus }]) => {
    const comment = type.values.find(({ name }) => name === reason)?.comment?.trim()
    const description = comment || message
    return {
      status: httpStatus ?? STATUS_OF_CODE[code],
      code: codeName(code),
      reason,
      domain,
      ...(description !== undefined && { description }),
    }
  })
}

/**
 * The reasons for which the methods of a package fail: its own, and those of packages without services, which are there for
 * others. By status, then by name.
 */
export function errorsOf(
  pkg: string,
  errors: ReadonlyMap<string, readonly KnownError[]>,
  serving: ReadonlySet<string>,
): readonly KnownError[] {
  return [...errors]
    .filter(([owner]) => owner === pkg || !serving.has(owner))
    .flatMap(([, list]) => list)
    .sort((a, b) => a.status - b.status || byName(a.reason, b.reason))
}
