import type { Root } from 'protobufjs'

/** A `.proto` file that was read. */
export interface ProtoFile {
  /** As it is imported: `shop/v1/orders.proto`. */
  readonly name: string
  /** As one would open it from here, for people. */
  readonly path: string
  readonly source: string
  /** Package of its types; empty without one. */
  readonly package: string
  /** Names of the files that it imports. */
  readonly imports: readonly string[]
}

/** Files with everything that they import, in one tree of types. */
export interface ProtoFiles {
  readonly root: Root
  /** By name, imported before importing; without the bundled ones. */
  readonly files: ReadonlyMap<string, ProtoFile>
  /** Names of the files that were asked for. */
  readonly requested: readonly string[]
}
