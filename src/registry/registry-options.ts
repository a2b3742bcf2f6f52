/** What every kind of registry can be told. */
export interface RegistryOptions {
  /**
   * Told of each trouble in the background: an outage, a lost lease, an entry that cannot be read. The registry goes on
   * by itself; this is for logs. Nothing by default.
   */
  readonly onError?: ((error: Error) => void) | undefined
}
