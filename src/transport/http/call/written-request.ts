/** A request as HTTP. */
export interface WrittenRequest {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly body: string | Uint8Array | undefined
  /** Media type of the body. */
  readonly type: string
}
