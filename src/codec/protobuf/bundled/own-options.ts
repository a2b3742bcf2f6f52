import { type BundledFiles, extensions, file, message } from './compact.js'

const DESCRIPTOR = 'google/protobuf/descriptor.proto'

/** Options of tierkit's own, and those of Kratos for errors. */
export const ownOptions: BundledFiles = {
  'tierkit/options.proto': file(
    'tierkit',
    () => ({
      ...extensions({
        http_status: 'Method int32 51190',
        error_domain: 'Enum string 51191',
        error: 'EnumValue ErrorReason 51192',
      }),
      ErrorReason: message({ code: 'google.rpc.Code 1', httpStatus: 'int32 2', message: 'string 3' }),
    }),
    [DESCRIPTOR, 'google/rpc/code.proto'],
  ),
  'errors/errors.proto': file(
    'errors',
    () => extensions({ default_code: 'Enum int32 1108', code: 'EnumValue int32 1109' }),
    [DESCRIPTOR],
  ),
}
