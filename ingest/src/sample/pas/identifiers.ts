/** The old system's numbers. Random records count from far above the anchors. */

/** How many numbers an agency was given at a time. */
export const RANGE = 100
/** Party numbers reserved for a range: its customers, their families and third parties. */
export const PARTIES_OF_RANGE = 400
/** Ranges looked after by one agency. */
export const RANGES_OF_AGENT = 2

export const serialOf = (index: number): number => 20_000_000 + index

/** Nine digits: the serial and its check digit (Luhn). */
export function policyNumber(serial: number): string {
  let sum = 0
  let rest = serial
  for (let position = 0; rest > 0; position++) {
    const digit = (rest % 10) * (position % 2 === 0 ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
    rest = Math.floor(rest / 10)
  }
  return `${serial}${(10 - (sum % 10)) % 10}`
}

const pad = (value: number, width: number): string => String(value).padStart(width, '0')

export const partyNumber = (ordinal: number): string => `P${20_000_000 + ordinal}`
export const customerNumber = (ordinal: number): string => `K${50_000_000 + ordinal}`
/** Assessors, law firms, repair shops and banks that many claims share. */
export const providerNumber = (index: number): string => `P${16_000_001 + index}`
export const agentNumber = (index: number): string => `V${100_000 + index}`
export const agentPartyNumber = (index: number): string => `P${15_000_001 + index}`

export const claimNumber = (serial: number, count: number): string => `S${serial}${pad(count, 3)}`
export const paymentNumber = (claim: string, count: number): string => `Z${claim.slice(1)}${pad(count, 2)}`
export const recoveryNumber = (claim: string, count: number): string => `G${claim.slice(1)}${pad(count, 2)}`
export const complaintNumber = (serial: number, count: number): string => `B${serial}${pad(count, 3)}`
/** Invoices R, receipts E, allocations A, refunds F, documents D. */
export const entryNumber = (letter: 'R' | 'E' | 'A' | 'F' | 'D', serial: number, count: number): string =>
  `${letter}${serial}${pad(count, 4)}`

/** German IBANs with valid check digits. */
export function germanIban(bank: string, account: string): string {
  // Mod 97 over bank, account, DE00 as digits, nine digits at a time.
  let rest = 0
  for (const digit of `${bank}${account}131400`) rest = (rest * 10 + Number(digit)) % 97
  return `DE${pad(98 - rest, 2)}${bank}${account}`
}

export function swissIban(bank: string, account: string): string {
  let rest = 0
  for (const digit of `${bank}${account}121700`) rest = (rest * 10 + Number(digit)) % 97
  return `CH${pad(98 - rest, 2)}${bank}${account}`
}
