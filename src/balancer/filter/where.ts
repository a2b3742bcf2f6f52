import type { Node, NodeFilter } from '../balancer.js'

/** Keeps the nodes that `holds` is true of: `where(({ instance }) => instance.metadata.canary !== 'true')`. */
export function where(holds: (node: Node) => boolean): NodeFilter {
  return (nodes) => nodes.filter(holds)
}
