/** The whole of `.cf-created`: one line, nothing else. */
export function createdText(address: string): string {
  return `${address}\n`;
}
