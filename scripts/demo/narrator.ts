/** A new part of the story. */
export function chapter(title: string): void {
  console.log(`\n${title}\n${'-'.repeat(title.length)}`);
}

export function say(text: string): void {
  console.log(text);
}

/** A file as it lies there, at most so many lines of it. */
export function show(name: string, text: string, most = 12): void {
  const lines = text.trimEnd().split('\n');
  const more = lines.length > most ? [`... ${lines.length - most} more lines`] : [];
  console.log(`    ${name}`);
  for (const line of [...lines.slice(0, most), ...more]) console.log(`    | ${line}`);
}

/** Says what holds; ends the demo when it does not. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`this did not hold: ${what}`);
  console.log(`  ok  ${what}`);
}
