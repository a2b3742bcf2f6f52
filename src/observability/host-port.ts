/** A host with or without a port. */
export interface HostPort {
  /** Without the brackets of an IPv6 address. */
  readonly host: string
  readonly port: number | undefined
}

/** Splits `host:port`, `[v6]:port` or a bare name. */
export function splitAddress(address: string): HostPort {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(address)
  if (match) return { host: match[1] ?? match[2] ?? '', port: Number(match[3]) }
  return { host: address.replace(/^\[|\]$/g, ''), port: undefined }
}

/** The name that a client target stands for: host and port of one address, or the service that a registry is asked for. */
export function splitTarget(target: string): HostPort {
  const match = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#]*)(?:[^?#]*\/([^/?#]+))?/i.exec(target)
  const [, authority = '', service] = match ?? []
  return service === undefined ? splitAddress(authority) : { host: service, port: undefined }
}
