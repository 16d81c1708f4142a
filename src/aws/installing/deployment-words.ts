import { visibleLine } from '../../core/report/visible.ts';
import type { DeploymentChange, ParameterChange } from './deployment-change.ts';
import type { Addition } from './deployment-record.ts';
import type { ResourceChange } from './template-diff.ts';

const SIGN = { added: '+', changed: '~', removed: '-' } as const;

export const ADDITION_WORDS: Readonly<Record<Addition, string>> = {
  versioning: 'keeps old versions of its files from now on',
  'event-bridge': 'tells EventBridge of new files, beside whatever it tells others now',
  tag: "gets a tag that names the administrator's bucket, beside its other tags",
  'tls-statement': 'gets the statement ClusterdropTlsOnly (no plain HTTP), beside the rest of its policy',
};

/** A plan in lines, for people to agree to. */
export function deploymentWords(changes: readonly DeploymentChange[]): string {
  return changes
    .flatMap(linesOf)
    .map((line) => `${indentOf(line)}${visibleLine(line, 400)}\n`)
    .join('');
}

function indentOf(line: string): string {
  return ' '.repeat(line.length - line.trimStart().length);
}

function linesOf(change: DeploymentChange): string[] {
  switch (change.kind) {
    case 'clear':
      return [
        `- stack ${change.stack} in ${change.region}: ${change.status}, left by a first attempt that failed; it goes first`,
      ];
    case 'create':
      return [
        `+ stack ${change.stack} in ${change.region}, ${countOf(change.resources)}`,
        ...change.resources.map((one) => resourceLine(one)),
        ...change.parameters.map(parameterLine),
      ];
    case 'update':
      return [
        `~ stack ${change.stack} in ${change.region}`,
        ...change.resources.map(resourceLine),
        ...change.parameters.map(parameterLine),
        ...(change.sections.length > 0 ? [`    ~ ${change.sections.join(', ')} of the template`] : []),
      ];
    case 'remove':
      return [`- stack ${change.stack} in ${change.region}: not wanted any more`];
    case 'bucket':
      return [
        `~ bucket ${change.bucket}${change.origin === 'existing' ? ' (yours)' : ''}`,
        ...change.adds.map((one) => `    + ${ADDITION_WORDS[one]}`),
        ...change.advice.map((one) => `    ! ${one}`),
      ];
    case 'upload':
      return [
        `+ ${change.keys.length === 1 ? 'a file' : `${change.keys.length} files`} in ${change.bucket}`,
        ...change.keys.map((key) => `    + ${key}`),
      ];
    case 'record':
      return [`~ ${change.key} in ${change.bucket}`];
  }
}

function resourceLine({ id, type, change }: ResourceChange): string {
  return `    ${SIGN[change]} ${type} ${id}`;
}

function parameterLine({ name, from, to }: ParameterChange): string {
  const value = (text: string) => (text === '' ? '(none)' : text);
  const after = to === undefined ? '(as the stack before answers)' : value(to);
  return `      ${name}: ${from === undefined ? '' : `${value(from)} -> `}${after}`;
}

function countOf(resources: readonly ResourceChange[]): string {
  return resources.length === 1 ? '1 resource' : `${resources.length} resources`;
}
