/** Values by names of a contract, which may be those that objects inherit: `constructor`, `toString`. */
export function named<T>(entries?: Readonly<Record<string, T>>): Record<string, T> {
  return Object.assign(Object.create(null), entries)
}

/** What stands under a name; `undefined` for what objects inherit. */
export function valueNamed<T>(values: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return values && Object.hasOwn(values, name) ? values[name] : undefined
}
