/** Control characters, marks that turn the direction of writing, and the separators of lines that are none on a keyboard. */
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu
const steeringInLines = /(?!\n)[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

/** A text from a record, a delivery or a file's name on one line of a terminal, which it cannot steer. */
export const printable = (text: string): string => text.replace(steering, ' ')

/** The same where lines are meant to be lines. */
export const printableLines = (text: string): string => text.replace(steeringInLines, ' ')
