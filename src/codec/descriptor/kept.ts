/** What every message of a descriptor has. */
export interface Kept {
  /** Fields that this version does not know, extensions among them: tags and values, as they are on the wire. */
  readonly unknown?: Uint8Array | undefined
}
