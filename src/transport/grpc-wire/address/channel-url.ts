/** Where a channel goes to. */
export interface ChannelTarget {
  /** `host:port`, as in the URL. */
  readonly authority: string
  /** Name or address without the brackets of IPv6. */
  readonly host: string
  readonly port: number
  readonly secure: boolean
}

/** Reads `grpc://host:port` or `grpcs://host:port`; throws if it is neither. */
export function readChannelUrl(url: string): ChannelTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const secure = parsed?.protocol === 'grpcs:'
  if (!parsed?.hostname || !parsed.port || !(secure || parsed.protocol === 'grpc:')) {
    throw new Error(`${JSON.stringify(url)} is not the URL of a gRPC server: grpc://host:port or grpcs://host:port`)
  }
  const { hostname, port } = parsed
  return { authority: `${hostname}:${port}`, host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port), secure }
}
