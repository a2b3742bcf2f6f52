import type { ContractSource } from '../proto/contract-of.js'
import { BREAKING_CATEGORIES, type BreakingCategory, type BreakingChange, type Change } from './breaking-change.js'
import { compareContracts } from './compare-contracts.js'
import { type ContractVersion, locator, versionOf } from './read-contract.js'

/** Which changes count. */
export interface CheckOptions {
  /** Whom not to break; by default everyone. */
  readonly categories?: readonly BreakingCategory[] | undefined
  /**
   * Changes that are meant: a rule (`FIELD_RENAMED`), a full name with what is in it (`shop.v1.Order`), both
   * (`FIELD_RENAMED:shop.v1.Order`), or a file (`shop/v1/orders.proto`).
   */
  readonly ignore?: readonly string[] | undefined
}

/**
 * Compares a contract with what it was, and returns every change that breaks somebody: who speaks protobuf, who speaks JSON,
 * or code written against it. Contracts are read with `readContract`, or given as what was defined in code.
 *
 * In order of the files and lines where the declarations are now, or were if they are gone.
 */
export function checkBreaking(
  before: ContractVersion | readonly ContractSource[],
  after: ContractVersion | readonly ContractSource[],
  options: CheckOptions = {},
): BreakingChange[] {
  const { categories = BREAKING_CATEGORIES, ignore = [] } = options
  const versions = { old: versionOf(before), new: versionOf(after) }
  const locate = { old: locator(versions.old), new: locator(versions.new) }
  return compareContracts(versions.old.files, versions.new.files)
    .filter((change) => change.categories.some((category) => categories.includes(category)))
    .filter((change) => !ignore.some((pattern) => isMeant(change, pattern)))
    .map(({ place, ...change }) => {
      const { side, file, path, fullName } = place
      const named = versions[side].sources?.get(file)?.path ?? file
      return { ...change, fullName, file: named, ...locate[side](file, path) }
    })
    .sort(byPlace)
}

function isMeant({ rule, place }: Change, pattern: string): boolean {
  const [, wanted, where = ''] = /^(?:([A-Z][A-Z_]*)(?::|$))?(.*)$/.exec(pattern) ?? []
  if (wanted !== undefined && wanted !== rule) return false
  const { fullName, file } = place
  return where === '' || fullName === where || fullName.startsWith(`${where}.`) || file === where
}

function byPlace(a: BreakingChange, b: BreakingChange): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}
