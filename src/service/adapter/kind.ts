import type { MethodKind } from '../../endpoint/method.js'

/** What a definition says of the streams of a method. */
export interface Streams {
  readonly requestStream: boolean
  readonly responseStream: boolean
}

/** The kind of a method, by its streams. */
export type KindOf<M extends Streams> = boolean extends M['requestStream']
  ? MethodKind
  : boolean extends M['responseStream']
    ? MethodKind
    : KindBy[`${M['requestStream']}`][`${M['responseStream']}`]

/** Kinds of methods, by whether requests and responses are streams. */
export interface KindBy {
  readonly true: { readonly true: 'bidi_stream'; readonly false: 'client_stream' }
  readonly false: { readonly true: 'server_stream'; readonly false: 'unary' }
}

/** The kind of a method, by its streams. */
export function kindOf({ requestStream, responseStream }: Streams): MethodKind {
  if (requestStream) return responseStream ? 'bidi_stream' : 'client_stream'
  return responseStream ? 'server_stream' : 'unary'
}
