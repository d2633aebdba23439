export async function timed<T>(act: () => Promise<T>): Promise<{ seconds: number; value: T }> {
  const begun = performance.now()
  const value = await act()
  return { seconds: (performance.now() - begun) / 1000, value }
}
