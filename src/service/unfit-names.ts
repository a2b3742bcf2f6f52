/**
 * Names that no method has in code. The language asks every object for them by itself, and would make calls: `await` takes
 * an object that has `then` for a promise, `JSON.stringify` asks for `toJSON`.
 */
export const UNFIT_NAMES: ReadonlySet<string> = new Set(['then', 'toJSON'])
