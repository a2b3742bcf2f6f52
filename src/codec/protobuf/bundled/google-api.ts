import { type BundledFiles, type BundledTypes, enumeration, extensions, file, message } from './compact.js'

const PACKAGE = 'google.api'
const DESCRIPTOR = 'google/protobuf/descriptor.proto'

/** Those files of `google/api` that contracts import. */
export const googleApi: BundledFiles = {
  'google/api/annotations.proto': file(PACKAGE, () => extensions({ http: 'Method HttpRule 72295728' }), [
    'google/api/http.proto',
    DESCRIPTOR,
  ]),
  'google/api/client.proto': file(PACKAGE, clientTypes, [
    'google/api/launch_stage.proto',
    DESCRIPTOR,
    'google/protobuf/duration.proto',
  ]),
  'google/api/field_behavior.proto': file(
    PACKAGE,
    () => ({
      ...extensions({ field_behavior: 'Field repeated FieldBehavior 1052' }),
      FieldBehavior: enumeration(
        'FIELD_BEHAVIOR_UNSPECIFIED OPTIONAL REQUIRED OUTPUT_ONLY INPUT_ONLY IMMUTABLE UNORDERED_LIST NON_EMPTY_DEFAULT IDENTIFIER',
      ),
    }),
    [DESCRIPTOR],
  ),
  'google/api/field_info.proto': file(
    PACKAGE,
    () => ({
      ...extensions({ field_info: 'Field FieldInfo 291403980' }),
      FieldInfo: message(
        { format: 'Format 1', referencedTypes: 'repeated TypeReference 2' },
        { nested: { Format: enumeration('FORMAT_UNSPECIFIED UUID4 IPV4 IPV6 IPV4_OR_IPV6') } },
      ),
      TypeReference: message({ typeName: 'string 1' }),
    }),
    [DESCRIPTOR],
  ),
  'google/api/http.proto': file(PACKAGE, () => ({
    Http: message({ rules: 'repeated HttpRule 1', fullyDecodeReservedExpansion: 'bool 2' }),
    HttpRule: message(
      {
        selector: 'string 1',
        get: 'string 2',
        put: 'string 3',
        post: 'string 4',
        delete: 'string 5',
        patch: 'string 6',
        body: 'string 7',
        custom: 'CustomHttpPattern 8',
        additionalBindings: 'repeated HttpRule 11',
        responseBody: 'string 12',
      },
      { oneofs: { pattern: ['get', 'put', 'post', 'delete', 'patch', 'custom'] } },
    ),
    CustomHttpPattern: message({ kind: 'string 1', path: 'string 2' }),
  })),
  'google/api/httpbody.proto': file(
    PACKAGE,
    () => ({
      HttpBody: message({
        contentType: 'string 1',
        data: 'bytes 2',
        extensions: 'repeated google.protobuf.Any 3',
      }),
    }),
    ['google/protobuf/any.proto'],
  ),
  'google/api/launch_stage.proto': file(PACKAGE, () => ({
    LaunchStage: enumeration(
      'LAUNCH_STAGE_UNSPECIFIED=0 UNIMPLEMENTED=6 PRELAUNCH=7 EARLY_ACCESS=1 ALPHA=2 BETA=3 GA=4 DEPRECATED=5',
    ),
  })),
  'google/api/resource.proto': file(PACKAGE, resourceTypes, [DESCRIPTOR]),
  'google/api/routing.proto': file(
    PACKAGE,
    () => ({
      ...extensions({ routing: 'Method RoutingRule 72295729' }),
      RoutingRule: message({ routingParameters: 'repeated RoutingParameter 2' }),
      RoutingParameter: message({ field: 'string 1', pathTemplate: 'string 2' }),
    }),
    [DESCRIPTOR],
  ),
  'google/api/visibility.proto': file(
    PACKAGE,
    () => ({
      ...extensions({
        enum_visibility: 'Enum VisibilityRule 72295727',
        value_visibility: 'EnumValue VisibilityRule 72295727',
        field_visibility: 'Field VisibilityRule 72295727',
        message_visibility: 'Message VisibilityRule 72295727',
        method_visibility: 'Method VisibilityRule 72295727',
        api_visibility: 'Service VisibilityRule 72295727',
      }),
      Visibility: message({ rules: 'repeated VisibilityRule 1' }),
      VisibilityRule: message({ selector: 'string 1', restriction: 'string 2' }),
    }),
    [DESCRIPTOR],
  ),
}

function resourceTypes(): BundledTypes {
  return {
    ...extensions({
      resource_reference: 'Field ResourceReference 1055',
      resource_definition: 'File repeated ResourceDescriptor 1053',
      resource: 'Message ResourceDescriptor 1053',
    }),
    ResourceDescriptor: message(
      {
        type: 'string 1',
        pattern: 'repeated string 2',
        nameField: 'string 3',
        history: 'History 4',
        plural: 'string 5',
        singular: 'string 6',
        style: 'repeated Style 10',
      },
      {
        nested: {
          History: enumeration('HISTORY_UNSPECIFIED ORIGINALLY_SINGLE_PATTERN FUTURE_MULTI_PATTERN'),
          Style: enumeration('STYLE_UNSPECIFIED DECLARATIVE_FRIENDLY'),
        },
      },
    ),
    ResourceReference: message({ type: 'string 1', childType: 'string 2' }),
  }
}

function clientTypes(): BundledTypes {
  const common = message({ common: 'CommonLanguageSettings 1' })
  return {
    ...extensions({
      method_signature: 'Method repeated string 1051',
      default_host: 'Service string 1049',
      oauth_scopes: 'Service string 1050',
      api_version: 'Service string 525000001',
    }),
    ...publishingTypes(),
    CppSettings: common,
    PhpSettings: common,
    NodeSettings: common,
    RubySettings: common,
    JavaSettings: message({
      libraryPackage: 'string 1',
      serviceClassNames: 'map<string,string> 2',
      common: 'CommonLanguageSettings 3',
    }),
    PythonSettings: message(
      { common: 'CommonLanguageSettings 1', experimentalFeatures: 'ExperimentalFeatures 2' },
      {
        nested: {
          ExperimentalFeatures: message({
            restAsyncIoEnabled: 'bool 1',
            protobufPythonicTypesEnabled: 'bool 2',
            unversionedPackageDisabled: 'bool 3',
          }),
        },
      },
    ),
    DotnetSettings: message({
      common: 'CommonLanguageSettings 1',
      renamedServices: 'map<string,string> 2',
      renamedResources: 'map<string,string> 3',
      ignoredResources: 'repeated string 4',
      forcedNamespaceAliases: 'repeated string 5',
      handwrittenSignatures: 'repeated string 6',
    }),
    GoSettings: message({ common: 'CommonLanguageSettings 1', renamedServices: 'map<string,string> 2' }),
  }
}

function publishingTypes(): BundledTypes {
  return {
    CommonLanguageSettings: message({
      referenceDocsUri: 'string 1',
      destinations: 'repeated ClientLibraryDestination 2',
      selectiveGapicGeneration: 'SelectiveGapicGeneration 3',
    }),
    ClientLibrarySettings: message({
      version: 'string 1',
      launchStage: 'LaunchStage 2',
      restNumericEnums: 'bool 3',
      javaSettings: 'JavaSettings 21',
      cppSettings: 'CppSettings 22',
      phpSettings: 'PhpSettings 23',
      pythonSettings: 'PythonSettings 24',
      nodeSettings: 'NodeSettings 25',
      dotnetSettings: 'DotnetSettings 26',
      rubySettings: 'RubySettings 27',
      goSettings: 'GoSettings 28',
    }),
    Publishing: message({
      methodSettings: 'repeated MethodSettings 2',
      newIssueUri: 'string 101',
      documentationUri: 'string 102',
      apiShortName: 'string 103',
      githubLabel: 'string 104',
      codeownerGithubTeams: 'repeated string 105',
      docTagPrefix: 'string 106',
      organization: 'ClientLibraryOrganization 107',
      librarySettings: 'repeated ClientLibrarySettings 109',
      protoReferenceDocumentationUri: 'string 110',
      restReferenceDocumentationUri: 'string 111',
    }),
    MethodSettings: message(
      { selector: 'string 1', longRunning: 'LongRunning 2', autoPopulatedFields: 'repeated string 3' },
      {
        nested: {
          LongRunning: message({
            initialPollDelay: 'google.protobuf.Duration 1',
            pollDelayMultiplier: 'float 2',
            maxPollDelay: 'google.protobuf.Duration 3',
            totalPollTimeout: 'google.protobuf.Duration 4',
          }),
        },
      },
    ),
    ClientLibraryOrganization: enumeration(
      'CLIENT_LIBRARY_ORGANIZATION_UNSPECIFIED CLOUD ADS PHOTOS STREET_VIEW SHOPPING GEO GENERATIVE_AI',
    ),
    ClientLibraryDestination: enumeration('CLIENT_LIBRARY_DESTINATION_UNSPECIFIED=0 GITHUB=10 PACKAGE_MANAGER=20'),
    SelectiveGapicGeneration: message({ methods: 'repeated string 1', generateOmittedAsInternal: 'bool 2' }),
  }
}
