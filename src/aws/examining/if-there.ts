/** The answer; `undefined` when AWS says, by one of these names, that there is no such thing. */
export async function ifThere<T>(call: Promise<T>, ...absences: readonly string[]): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && absences.includes(error.name)) return undefined;
    throw error;
  }
}
