import type { Random } from './random.ts'

/** User ids of the old system. */
export const clerkOf = (random: Random): string => `SB${String(random.between(1, 480)).padStart(4, '0')}`
