import { Code, streamsResponses } from '../../kernel.js'
import type { BodyFormat } from '../bind.js'
import { HttpRefusal } from '../error.js'
import type { HttpLimits } from '../options.js'
import type { Replies } from '../reply/replies.js'
import type { Route } from '../routes.js'
import { overLimit } from '../serve/body-collector.js'
import type { HttpRequest, HttpResponse } from '../serve/http-message.js'
import { JSON_TYPE } from '../wire/media-type.js'
import { bodyFormat } from './body-format.js'
import { checkUnasked } from './origin.js'

/** A request for a route, and what its server is like. */
export interface Judged {
  readonly request: HttpRequest
  readonly response: HttpResponse
  readonly target: Route
  /** Whether a page of another origin sent it, which may. */
  readonly admitted: boolean
  readonly replies: Replies
  readonly limits: HttpLimits
}

/** What the head of a request says. */
export interface Judgement {
  /** How the body is written; `undefined` if there is none. */
  readonly format: BodyFormat | undefined
  /** What a response that is no stream is to be in. */
  readonly type: string
}

/** Refuses what is wrong before anything of the body is read. */
export function judgeRequest({ request, response, target, admitted, replies, limits }: Judged): Judgement {
  const { method, binder } = target
  const { accept, 'content-type': contentType, 'content-length': length = 0 } = request.headers
  checkHttpMethod(request, target)
  if (!admitted) checkUnasked(request)
  const streams = streamsResponses(method.kind)
  const type = streams ? JSON_TYPE : replies.typeFor(target, { accept, contentType }, response)
  if (!request.hasBody) return { type, format: undefined }
  const format = bodyFormat(contentType, { method, binder, hasProtobuf: replies.hasProtobuf })
  const isWhole = method.kind === 'unary' || method.kind === 'server_stream'
  if (isWhole && format !== 'form' && Number(length) > limits.maxBodyBytes) throw overLimit(limits.maxBodyBytes)
  return { type, format }
}

function checkHttpMethod({ method: httpMethod }: HttpRequest, { method }: Route): void {
  if (method.kind === 'bidi_stream' || (method.kind === 'client_stream' && httpMethod === 'GET')) {
    throw new HttpRefusal(501, [Code.UNIMPLEMENTED, `${method.path} is called over a WebSocket here, or over gRPC`])
  }
  if (httpMethod === 'HEAD' && streamsResponses(method.kind)) {
    throw new HttpRefusal(405, [Code.UNIMPLEMENTED, 'a stream has no HEAD'], [['Allow', 'GET']])
  }
}
