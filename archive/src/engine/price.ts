/** US dollars that Athena bills for queries of so many bytes: $5 a terabyte, rounded up to the megabyte, at least ten of them a query. */
export const priceOf = (bytes: number): number => (Math.max(10, Math.ceil(bytes / 1e6)) / 1e6) * 5
