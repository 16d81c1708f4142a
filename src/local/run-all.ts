/** Runs each part, one after the other, whatever becomes of the others; then throws what the first that failed threw. */
export async function runAll(parts: Iterable<() => unknown>): Promise<void> {
  const failures: unknown[] = [];
  for (const part of parts) {
    try {
      await part();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
