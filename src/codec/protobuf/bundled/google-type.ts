import { type BundledFiles, enumeration, file, message } from './compact.js'

const PACKAGE = 'google.type'
const TIMESTAMP = 'google.protobuf.Timestamp'

/** The files of `google/type`. */
export const googleType: BundledFiles = {
  'google/type/calendar_period.proto': file(PACKAGE, () => ({
    CalendarPeriod: enumeration('CALENDAR_PERIOD_UNSPECIFIED DAY WEEK FORTNIGHT MONTH QUARTER HALF YEAR'),
  })),
  'google/type/color.proto': file(
    PACKAGE,
    () => ({
      Color: message({ red: 'float 1', green: 'float 2', blue: 'float 3', alpha: 'google.protobuf.FloatValue 4' }),
    }),
    ['google/protobuf/wrappers.proto'],
  ),
  'google/type/date.proto': file(PACKAGE, () => ({
    Date: message({ year: 'int32 1', month: 'int32 2', day: 'int32 3' }),
  })),
  'google/type/datetime.proto': file(
    PACKAGE,
    () => ({
      DateTime: message(
        {
          year: 'int32 1',
          month: 'int32 2',
          day: 'int32 3',
          hours: 'int32 4',
          minutes: 'int32 5',
          seconds: 'int32 6',
          nanos: 'int32 7',
          utcOffset: 'google.protobuf.Duration 8',
          timeZone: 'TimeZone 9',
        },
        { oneofs: { timeOffset: ['utcOffset', 'timeZone'] } },
      ),
      TimeZone: message({ id: 'string 1', version: 'string 2' }),
    }),
    ['google/protobuf/duration.proto'],
  ),
  'google/type/dayofweek.proto': file(PACKAGE, () => ({
    DayOfWeek: enumeration('DAY_OF_WEEK_UNSPECIFIED MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY'),
  })),
  'google/type/decimal.proto': file(PACKAGE, () => ({ Decimal: message({ value: 'string 1' }) })),
  'google/type/expr.proto': file(PACKAGE, () => ({
    Expr: message({ expression: 'string 1', title: 'string 2', description: 'string 3', location: 'string 4' }),
  })),
  'google/type/fraction.proto': file(PACKAGE, () => ({
    Fraction: message({ numerator: 'int64 1', denominator: 'int64 2' }),
  })),
  'google/type/interval.proto': file(
    PACKAGE,
    () => ({ Interval: message({ startTime: `${TIMESTAMP} 1`, endTime: `${TIMESTAMP} 2` }) }),
    ['google/protobuf/timestamp.proto'],
  ),
  'google/type/latlng.proto': file(PACKAGE, () => ({
    LatLng: message({ latitude: 'double 1', longitude: 'double 2' }),
  })),
  'google/type/localized_text.proto': file(PACKAGE, () => ({
    LocalizedText: message({ text: 'string 1', languageCode: 'string 2' }),
  })),
  'google/type/money.proto': file(PACKAGE, () => ({
    Money: message({ currencyCode: 'string 1', units: 'int64 2', nanos: 'int32 3' }),
  })),
  'google/type/month.proto': file(PACKAGE, () => ({
    Month: enumeration(
      'MONTH_UNSPECIFIED JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER',
    ),
  })),
  'google/type/phone_number.proto': file(PACKAGE, () => ({
    PhoneNumber: message(
      { e164Number: 'string 1', shortCode: 'ShortCode 2', extension: 'string 3' },
      {
        oneofs: { kind: ['e164Number', 'shortCode'] },
        nested: { ShortCode: message({ regionCode: 'string 1', number: 'string 2' }) },
      },
    ),
  })),
  'google/type/postal_address.proto': file(PACKAGE, () => ({
    PostalAddress: message({
      revision: 'int32 1',
      regionCode: 'string 2',
      languageCode: 'string 3',
      postalCode: 'string 4',
      sortingCode: 'string 5',
      administrativeArea: 'string 6',
      locality: 'string 7',
      sublocality: 'string 8',
      addressLines: 'repeated string 9',
      recipients: 'repeated string 10',
      organization: 'string 11',
    }),
  })),
  'google/type/quaternion.proto': file(PACKAGE, () => ({
    Quaternion: message({ x: 'double 1', y: 'double 2', z: 'double 3', w: 'double 4' }),
  })),
  'google/type/timeofday.proto': file(PACKAGE, () => ({
    TimeOfDay: message({ hours: 'int32 1', minutes: 'int32 2', seconds: 'int32 3', nanos: 'int32 4' }),
  })),
}
