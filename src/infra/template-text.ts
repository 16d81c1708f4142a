/**
 * A template as it is shipped: a line for each parameter, resource and output, so that changes can be read, and short enough to be
 * sent in a request (CloudFormation takes 51,200 bytes).
 */
export function templateText(template: unknown): string {
  const sections = Object.entries(template as Record<string, unknown>).map(([name, section]) => {
    const lines = isObject(section)
      ? `{\n${Object.entries(section)
          .map(([key, value]) => `  ${line(key, value)}`)
          .join(',\n')}\n }`
      : JSON.stringify(section);
    return ` ${JSON.stringify(name)}: ${lines}`;
  });
  return `{\n${sections.join(',\n')}\n}\n`;
}

function line(key: string, value: unknown): string {
  return `${JSON.stringify(key)}: ${JSON.stringify(value)}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
