import type { ReflectionObject, Root } from 'protobufjs/light.js'

type Load = (name: string) => void

// Holds nothing but how a root is completed: some files are not made before their types are used.
const loaders = new WeakMap<Root, Load>()

/** Has a root completed by `load` when a type is looked for that it lacks. */
export function completeLate(root: Root, load: Load): void {
  loaders.set(root, load)
}

/** What a root has under a full name, without a dot in front; `undefined` if that is nothing. */
export function lookUp(root: Root, name: string): ReflectionObject | undefined {
  return exactly(root, name) ?? late(root, name)
}

function late(root: Root, name: string): ReflectionObject | undefined {
  const load = loaders.get(root)
  load?.(name)
  return load && exactly(root, name)
}

/** The library also finds types by the end of their names. */
function exactly(root: Root, name: string): ReflectionObject | undefined {
  const found = root.lookup(name) as ReflectionObject | null
  return found?.fullName === `.${name}` ? found : undefined
}
