/** A number as text, in as few digits as it can be read again from, of those that compilers try. */
export function floatText(written: number, type: string): string {
  const exact = type === 'float' ? Math.fround : Number
  const value = exact(written)
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const digits = type === 'float' ? { few: 6, many: 9 } : { few: 15, many: 17 }
  const short = general(value, digits.few)
  return exact(Number(short)) === value ? short : general(value, digits.many)
}

/** As `%g` of C prints it: with an exponent where it is far from 1. */
function general(value: number, digits: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponent = ''] = value.toExponential(digits - 1).split('e')
  const power = Number(exponent)
  if (power >= -4 && power < digits) return shortened(value.toFixed(digits - 1 - power))
  return `${shortened(mantissa)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

function shortened(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}
