/** As Java prints a double, which is how Athena's results do: `1.0`, `0.001`, `1.0E7`, `1.0E-4`. */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e')
  if (size >= 1e7 || size < 1e-3) return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${Number(exponent)}`
  const plain = String(value)
  return plain.includes('.') ? plain : `${plain}.0`
}
