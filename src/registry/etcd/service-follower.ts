import type { CancelTimer } from '../../resilience/clock.js'
import type { Instance } from '../registry.js'
import type { EtcdSession } from './etcd-session.js'
import type { Layout } from './layout.js'
import { PrefixFollower } from './prefix-follower.js'

/** Whose instances are followed, and how they are read. */
export interface ServiceFollowerInit {
  readonly session: EtcdSession
  /** In order of preference, should two layouts have the same instance; only the first must be readable. */
  readonly layouts: readonly Layout[]
  readonly service: string
  publish(instances: readonly Instance[]): void
}

/** Follows a service in all layouts at once, from the time that etcd was read, until the returned function is called. */
export function followService(init: ServiceFollowerInit): () => void {
  const { session, layouts, service } = init
  const end = new AbortController()
  let published = 0
  let cancelGrace: CancelTimer | undefined
  const publish = (instances: readonly Instance[]): void => {
    cancelGrace?.()
    cancelGrace = undefined
    published = instances.length
    init.publish(instances)
  }
  const changed = (): void => {
    if (end.signal.aborted || !followers.every(({ known }) => known)) return
    const instances = merged(followers)
    if (instances.length > 0 || published === 0) publish(instances)
    else cancelGrace ??= session.clock.schedule(session.emptyGraceMs, () => publish(merged(followers)))
  }
  const followers = layouts.map((layout, index) => {
    return new PrefixFollower({ session, layout, service, optional: index > 0, changed })
  })
  for (const follower of followers) void follower.run(end.signal)
  return () => {
    end.abort()
    cancelGrace?.()
  }
}

function merged(followers: readonly PrefixFollower[]): readonly Instance[] {
  const instances = new Map<string, Instance>()
  for (const { instances: found } of followers) {
    for (const instance of found) if (!instances.has(instance.id)) instances.set(instance.id, instance)
  }
  return [...instances.values()]
}
