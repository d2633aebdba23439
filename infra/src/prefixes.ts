/** Prefixes of the archive's bucket, as archive/src/layout.ts and the design have them. */
export const ARCHIVE = 'archive/'
export const RESULTS = 'results/'
/** Where Athena puts what it found. */
export const ATHENA_RESULTS = `${RESULTS}athena/`
export const AUDIT = 'audit/'
export const SEARCHES = 'searches/'
/** What was found when the log was checked last. */
export const VERIFICATIONS = 'verifications/'
export const TEMPLATES = 'templates/'

/** Prefixes whose objects are replaced in place and hold what a person typed or did: an older version is of no use to anybody. */
export const SHORT_LIVED_VERSIONS = [SEARCHES, 'usage/', 'unusual-use/', VERIFICATIONS, `${AUDIT}checkpoint`] as const
/** Older versions of these help after a mistake. */
export const KEPT_VERSIONS = ['catalog/', TEMPLATES, 'access/'] as const
