// Australian Business Numbers (abr.business.gov.au).

const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]

/** Whether these eleven digits are an Australian Business Number: the register's own check. */
export function isAbn(text: string): boolean {
  const digits = text.replaceAll(' ', '')
  if (!/^\d{11}$/.test(digits)) return false
  const sum = [...digits].reduce(
    (total, digit, index) => total + (Number(digit) - (index === 0 ? 1 : 0)) * weights[index]!,
    0,
  )
  return sum % 89 === 0
}
