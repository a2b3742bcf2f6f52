import type { MessageCodec } from '../message-codec.js'
import { bundledCodec } from '../protobuf/bundled/bundled-root.js'
import type { Duration } from '../well-known.js'

/** `google.rpc.BadRequest`: which fields of a request are wrong. */
export interface BadRequest {
  fieldViolations: BadRequestViolation[]
}

/** What is wrong with one field. */
export interface BadRequestViolation {
  /** Path of the field: `items[0].quantity`. */
  field: string
  description: string
  /** The rule that it breaks, in UPPER_SNAKE_CASE by AIP-193. */
  reason: string
  localizedMessage?: LocalizedMessage | undefined
}

/** `google.rpc.RetryInfo`: when to try again. `retry` waits as long. */
export interface RetryInfo {
  retryDelay?: Duration | undefined
}

/** `google.rpc.DebugInfo`: what a developer may see. Never for callers outside. */
export interface DebugInfo {
  stackEntries: string[]
  detail: string
}

/** `google.rpc.QuotaFailure`: which quotas are used up. */
export interface QuotaFailure {
  violations: QuotaViolation[]
}

/** A quota that is used up. */
export interface QuotaViolation {
  /** Whose: `project:1234`. */
  subject: string
  description: string
  apiService: string
  quotaMetric: string
  quotaId: string
  quotaDimensions: Record<string, string>
  quotaValue: bigint
  futureQuotaValue?: bigint | undefined
}

/** `google.rpc.PreconditionFailure`: what must be done first. */
export interface PreconditionFailure {
  violations: PreconditionViolation[]
}

/** Something that must be so and is not. */
export interface PreconditionViolation {
  /** Kind of it, of the service's own: `TOS`. */
  type: string
  /** What it is about: `google.com/cloud`. */
  subject: string
  description: string
}

/** `google.rpc.RequestInfo`: which request it was. */
export interface RequestInfo {
  requestId: string
  servingData: string
}

/** `google.rpc.ResourceInfo`: which resource it is about. */
export interface ResourceInfo {
  resourceType: string
  resourceName: string
  owner: string
  description: string
}

/** `google.rpc.Help`: where to read more. */
export interface Help {
  links: HelpLink[]
}

/** Where to read more. */
export interface HelpLink {
  description: string
  url: string
}

/** `google.rpc.LocalizedMessage`: what to show to people. */
export interface LocalizedMessage {
  /** BCP 47: `en-US`. */
  locale: string
  message: string
}

/** Codec of `google.rpc.BadRequest`. */
export const BadRequest: MessageCodec<BadRequest> = bundledCodec('google.rpc.BadRequest')
/** Codec of `google.rpc.RetryInfo`. */
export const RetryInfo: MessageCodec<RetryInfo> = bundledCodec('google.rpc.RetryInfo')
/** Codec of `google.rpc.DebugInfo`. */
export const DebugInfo: MessageCodec<DebugInfo> = bundledCodec('google.rpc.DebugInfo')
/** Codec of `google.rpc.QuotaFailure`. */
export const QuotaFailure: MessageCodec<QuotaFailure> = bundledCodec('google.rpc.QuotaFailure')
/** Codec of `google.rpc.PreconditionFailure`. */
export const PreconditionFailure: MessageCodec<PreconditionFailure> = bundledCodec('google.rpc.PreconditionFailure')
/** Codec of `google.rpc.RequestInfo`. */
export const RequestInfo: MessageCodec<RequestInfo> = bundledCodec('google.rpc.RequestInfo')
/** Codec of `google.rpc.ResourceInfo`. */
export const ResourceInfo: MessageCodec<ResourceInfo> = bundledCodec('google.rpc.ResourceInfo')
/** Codec of `google.rpc.Help`. */
export const Help: MessageCodec<Help> = bundledCodec('google.rpc.Help')
/** Codec of `google.rpc.LocalizedMessage`. */
export const LocalizedMessage: MessageCodec<LocalizedMessage> = bundledCodec('google.rpc.LocalizedMessage')
