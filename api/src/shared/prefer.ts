/** Seconds that `Prefer: wait=N` (RFC 7240) asks for, at most `most`; 0 where it asks for nothing. */
export function waitSeconds(prefer: string | undefined, most: number): number {
  const asked = /(?:^|[,;])\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:$|[,;])/i.exec(prefer ?? '')
  return asked?.[1] ? Math.min(Number(asked[1]), most) : 0
}
