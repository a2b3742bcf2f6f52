import { isUtf8 } from 'node:buffer'
import type { Context, HttpRule, RpcError } from '../../kernel.js'
import type { JsonObject } from '../bind/fill.js'
import { requestOf } from '../bind.js'
import { tooLarge, unsupported } from '../error.js'
import type { HttpLimits } from '../options.js'
import { brokenBody } from '../request/broken-body.js'
import { bodyStream } from '../serve/body.js'
import type { HttpRequest } from '../serve/http-message.js'
import { Gathered } from '../wire/gathered.js'
import { boundaryOf } from './boundary.js'
import { badPart, type FormField, FormFields } from './form-fields.js'
import { FormMessage } from './form-message.js'
import type { PartHead } from './part-head.js'
import { PartReader } from './part-reader.js'

/** What a form is read for. */
export interface FormInit {
  readonly context: Context
  readonly rule: HttpRule
  readonly limits: HttpLimits
}

/**
 * The message that a whole form makes, as JSON: a part fills the field that it is named after. Rejects with what is wrong
 * with it, and then leaves the rest of the body to nobody.
 */
export async function readForm(request: HttpRequest, init: FormInit): Promise<JsonObject> {
  const { maxBodyBytes, maxFieldBytes, maxFileBytes } = init.limits
  const { reader, fields, failed } = open(request, maxBodyBytes, init)
  const message = new FormMessage()
  try {
    for await (const placed of placedParts(reader, fields)) {
      const { part, field } = placed
      if (field.kind === 'bytes') message.file(field, part, await whole(limited(reader, part, maxFileBytes)))
      else message.text(field, await textOf(reader, placed, maxFieldBytes))
    }
    request.discard()
    return message.json
  } catch (thrown) {
    throw failed(thrown)
  }
}

/**
 * The messages of a form that is a stream: the texts in front of a file make one, with what its part says of it, and each
 * piece of the file one more. No more is read of a file than is asked for.
 */
export async function* formMessages(request: HttpRequest, init: FormInit): AsyncGenerator<unknown> {
  const { request: codec } = init.context.method
  const { maxFieldBytes, maxFileBytes, maxUploadBytes } = init.limits
  const { reader, fields, failed } = open(request, maxUploadBytes, init)
  let texts = new FormMessage()
  try {
    for await (const placed of placedParts(reader, fields)) {
      const { part, field } = placed
      if (field.kind !== 'bytes') {
        texts.text(field, await textOf(reader, placed, maxFieldBytes))
        continue
      }
      texts.about(field, part)
      let told = !texts.isEmpty
      if (told) yield requestOf(texts.json, codec)
      texts = new FormMessage()
      for await (const piece of limited(reader, part, maxFileBytes)) {
        told = true
        yield requestOf(pieceOf(field, piece), codec)
      }
      // A file may be empty, but it is there.
      if (!told) yield requestOf(pieceOf(field, NOTHING), codec)
    }
    if (!texts.isEmpty) yield requestOf(texts.json, codec)
  } catch (thrown) {
    throw failed(thrown)
  }
}

interface PlacedPart {
  readonly part: PartHead
  readonly field: FormField
}

interface OpenForm {
  readonly reader: PartReader
  readonly fields: FormFields
  /** What a failure means; the rest of the body is dropped. */
  failed(thrown: unknown): RpcError
}

const NOTHING = Buffer.alloc(0)

/** Throws for a body that is not to be read at all. */
function open(request: HttpRequest, maxFormBytes: number, { context, rule, limits }: FormInit): OpenForm {
  const boundary = boundaryOf(request.headers['content-type'])
  if (Number(request.headers['content-length'] ?? 0) > maxFormBytes) {
    throw tooLarge(413, `the form is longer than ${maxFormBytes} bytes`)
  }
  const source = bodyStream(request).iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  return {
    reader: new PartReader(source, boundary, { ...limits, maxFormBytes }),
    fields: new FormFields(context.method.request, rule),
    failed(thrown) {
      request.discard()
      return brokenBody(thrown, request, context)
    },
  }
}

/** The parts, each with its place. Browsers also send one for an input of files that was left empty: that is none. */
async function* placedParts(reader: PartReader, fields: FormFields): AsyncGenerator<PlacedPart> {
  for (let part = await reader.next(); part; part = await reader.next()) {
    const field = fields.find(part)
    if (part.filename !== '' || !(await reader.isEmpty())) yield { part, field }
  }
}

async function* limited(reader: PartReader, { name }: PartHead, limit: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const piece of reader.content()) {
    size += piece.length
    if (size > limit) throw tooLarge(413, `${name}: longer than ${limit} bytes`)
    yield piece
  }
}

async function whole(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all = new Gathered()
  for await (const piece of pieces) all.add(piece)
  return all.take()
}

async function textOf(reader: PartReader, { part, field }: PlacedPart, limit: number): Promise<string> {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(part.type) ?? []
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) throw unsupported(`${part.name}: the character set is not UTF-8`)
  const bytes = await whole(limited(reader, part, limit))
  if (!isUtf8(bytes)) throw badPart(part, field.path, 'it is not UTF-8')
  return bytes.toString('utf8')
}

function pieceOf(field: FormField, bytes: Buffer): JsonObject {
  const message = new FormMessage()
  message.piece(field, bytes)
  return message.json
}
