import type { Context } from '../endpoint/context.js'
import type { Outcome } from '../endpoint/outcome.js'
import type { Instance } from '../registry/registry.js'

/**
 * An address that calls can go to. The object stays the same for as long as the address is known, so that a balancer can
 * keep statistics by it; `instance` is replaced when the registry says something new.
 */
export interface Node {
  readonly instance: Instance
  /** The endpoint URL of the instance that is used. */
  readonly url: string
  /** Share of the calls relative to others; the instance's metadata `weight`, 100 by default. */
  readonly weight: number
}

/** A choice. */
export interface Pick<N extends Node = Node> {
  readonly node: N
  /** To be called once, when the attempt has ended. */
  done(outcome: Outcome): void
}

/** Chooses which node gets an attempt. One balancer serves one client. */
export interface Balancer {
  /** The nodes to choose from, from now on; those known before keep their statistics. Called on change only. */
  update(nodes: readonly Node[]): void
  /** Chooses a node; `undefined` if there is none. Never waits. */
  pick(context: Context): Pick | undefined
}

/**
 * Narrows the nodes down before balancing. It is asked on every change of the set, not on every call, and returns those of
 * `nodes` that remain, the same objects in the same order.
 */
export type NodeFilter = (nodes: readonly Node[]) => readonly Node[]
