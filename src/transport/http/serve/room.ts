import { ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Clock } from '../../kernel.js'
import { endInOneWrite } from '../reply/one-write.js'
import type { HttpResponse } from './http-message.js'

/** What ends the wait for a reader. */
export interface RoomInit {
  /** Fires when the client has refused to read for too long; the result stops that. */
  schedule(fire: () => void): () => void
  /** Ends the wait with the call. */
  onCancel(listener: () => void): () => void
}

/** Resolves when a response has room for more, or nobody reads it. One who takes nothing for too long is cut off. */
export function untilRoom(response: HttpResponse, { schedule, onCancel }: RoomInit): Promise<void> {
  return new Promise((resolve) => {
    const stop: (() => void)[] = []
    const settle = (): void => {
      for (const one of stop.splice(0)) one()
      response.off('drain', settle).off('close', settle)
      resolve()
    }
    response.on('drain', settle).on('close', settle)
    stop.push(watch(response, schedule), onCancel(settle))
    if (response.destroyed) settle()
  })
}

/** Leaves a response to its reader. One who takes nothing of it cannot keep it in memory for ever. */
export function letGo(response: HttpResponse, clock: Clock, writeTimeoutMs: number): void {
  if (writeTimeoutMs === 0 || (response.writableEnded && response.writableLength === 0)) return
  response.once(
    'close',
    watch(response, (fire) => clock.schedule(writeTimeoutMs, fire)),
  )
}

/** Cuts off who takes nothing of a response between two looks at it; returns how to stop. */
function watch(response: HttpResponse, schedule: RoomInit['schedule']): () => void {
  let left = response.writableLength
  let taken = false
  const drained = (): void => {
    taken = true
  }
  const look = (): void => {
    const before = left
    left = response.writableLength
    if (!taken && left >= before && !waitsItsTurn(response)) cutOff(response)
    else stopLooking = schedule(look)
    taken = false
  }
  let stopLooking = schedule(look)
  response.on('drain', drained)
  return () => {
    stopLooking()
    response.off('drain', drained)
  }
}

/** Ends a response that cannot go on in a way that nobody takes for its end. */
export function cutOff(response: HttpResponse): void {
  const socket = response instanceof ServerResponse ? response.socket : undefined
  // Where there are no chunks, as in HTTP/1.0, a connection that is closed is the end of a body; a reset is none.
  if (socket && !(socket instanceof TLSSocket)) socket.resetAndDestroy()
  response.destroy()
}

/** True while an earlier response of the connection is being written: that nothing of this one leaves is nobody's fault. */
function waitsItsTurn(response: HttpResponse): boolean {
  return response instanceof ServerResponse && response.socket === null
}

/** A longer body is written in pieces, for of one write Node cannot tell how much was taken. */
const PIECE_BYTES = 128 * 1024

/** Ends a response with its body. Of a long one each piece waits until those before it were taken. */
export function endWith(response: HttpResponse, body: string | Uint8Array | undefined): void {
  // HTTP/2 sends in pieces whatever it is given.
  if (body === undefined || !(response instanceof ServerResponse)) {
    response.end(body)
    return
  }
  if (endInOneWrite(response, body)) return
  if (body.length <= PIECE_BYTES) {
    response.end(body)
    return
  }
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  let at = 0
  const writeOn = (): void => {
    for (; at + PIECE_BYTES < bytes.length; at += PIECE_BYTES) {
      if (response.writableNeedDrain) return
      response.write(bytes.subarray(at, at + PIECE_BYTES))
    }
    if (response.writableNeedDrain) return
    response.off('drain', writeOn)
    response.end(bytes.subarray(at))
  }
  response.on('drain', writeOn)
  writeOn()
}
