export const ministackVersion = '1.5.33'
export const trinoVersion = '476'
/** Trino 476 refuses an older one. */
export const oldestJava = 24
export const pythonVersion = '3.11'
