import type { NodeFilter } from '../balancer.js'
import { parseVersionRange } from './version-range.js'

/**
 * Keeps the nodes whose instance has one of some versions (a list is compared letter by letter) or one in a range:
 * `byVersion('^1.2.0')`, `byVersion('>=1.4 <2')`, `byVersion(['1.4.0', 'canary'])`.
 *
 * Throws a `TypeError` for a range that cannot be read.
 */
export function byVersion(versions: string | readonly string[]): NodeFilter {
  const matches =
    typeof versions === 'string' ? parseVersionRange(versions) : (version: string) => versions.includes(version)
  return (nodes) => nodes.filter(({ instance }) => matches(instance.version))
}
