import type { ChannelOptions } from '@grpc/grpc-js'
import type { GrpcChannelOptions, GrpcServerOptions } from '../../grpc-options.js'
import { DEFAULT_MAX_RECEIVE_BYTES } from '../../grpc-wire/compression.js'
import type { ClientTls } from '../../transport.js'

const TWO_HOURS_MS = 7_200_000

/** The options of a server in the words of grpc-js. */
export function serverOptions(options: GrpcServerOptions): ChannelOptions {
  const { maxReceiveBytes, maxConcurrentStreams = 1000, maxSessionMemoryBytes = 64e6, keepalive } = options
  return {
    'grpc.enable_channelz': 0,
    'grpc.max_receive_message_length': engineLimit(maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES),
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': maxConcurrentStreams,
    'grpc-node.max_session_memory': Math.ceil(maxSessionMemoryBytes / 1e6),
    'grpc.keepalive_time_ms': keepalive?.timeMs ?? TWO_HOURS_MS,
    'grpc.keepalive_timeout_ms': keepalive?.timeoutMs ?? 20_000,
    ...given('grpc.max_connection_idle_ms', options.maxConnectionIdleMs),
    ...given('grpc.max_connection_age_ms', options.maxConnectionAgeMs),
    ...given('grpc.max_connection_age_grace_ms', options.maxConnectionAgeGraceMs),
    ...options.channelOptions,
  }
}

/** The options of a channel in the words of grpc-js: one address, nothing retried, nothing looked up. */
export function channelOptions(options: GrpcChannelOptions): ChannelOptions {
  const { maxReceiveBytes, gzip, keepalive, reconnect, tls } = options
  return {
    'grpc.enable_channelz': 0,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    // Without retries there is nothing to keep messages for; and writes then wait for the connection.
    'grpc.per_rpc_retry_buffer_size': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': engineLimit(maxReceiveBytes ?? DEFAULT_MAX_RECEIVE_BYTES),
    'grpc.max_send_message_length': -1,
    ...(gzip ? { 'grpc.default_compression_algorithm': 2 } : undefined),
    ...given('grpc.keepalive_time_ms', keepalive?.timeMs),
    ...given('grpc.keepalive_timeout_ms', keepalive?.timeoutMs),
    'grpc.keepalive_permit_without_calls': keepalive?.withoutCalls ? 1 : 0,
    ...given('grpc.initial_reconnect_backoff_ms', reconnect?.initialMs),
    ...given('grpc.max_reconnect_backoff_ms', reconnect?.maxMs),
    ...serverName(tls),
    ...options.channelOptions,
  }
}

function serverName(tls: ClientTls | undefined): ChannelOptions {
  return given('grpc.ssl_target_name_override', tls?.serverName)
}

/** grpc-js looks at which options are there, not at what they are. */
function given(name: string, value: string | number | undefined): ChannelOptions {
  return value === undefined ? {} : { [name]: value }
}

/** grpc-js knows no infinity. */
function engineLimit(bytes: number): number {
  return Number.isFinite(bytes) ? bytes : -1
}
