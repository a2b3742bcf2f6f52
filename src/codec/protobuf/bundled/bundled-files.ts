import { bufValidate } from './buf-validate.js'
import { type BundledFiles, enumeration, extensions, file, message } from './compact.js'
import { googleApi } from './google-api.js'
import { googleProtobuf } from './google-protobuf.js'
import { googleRpc } from './google-rpc.js'
import { googleType } from './google-type.js'
import { grpcFiles } from './grpc.js'
import { ownOptions } from './own-options.js'

/** Files that any `.proto` may import without having them, by the name that they are imported with. */
export const bundledFiles: BundledFiles = {
  ...googleProtobuf,
  ...googleApi,
  ...googleRpc,
  ...googleType,
  ...grpcFiles,
  ...ownOptions,
  'buf/validate/validate.proto': file(
    'buf.validate',
    () => ({
      ...extensions({
        message: 'Message MessageRules 1159',
        oneof: 'Oneof OneofRules 1159',
        field: 'Field FieldRules 1159',
        predefined: 'Field PredefinedRules 1160',
      }),
      ...bufValidate({ message, enumeration }),
    }),
    [
      'google/protobuf/descriptor.proto',
      'google/protobuf/duration.proto',
      'google/protobuf/field_mask.proto',
      'google/protobuf/timestamp.proto',
    ],
  ),
}
