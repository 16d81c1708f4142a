import { sha256Hex } from '../../core/sha256.ts';
import type { ObjectStore } from '../../engine/ports.ts';
import { dnsSuffix } from './account-place.ts';
import type { Template } from './control-stack.ts';
import type { DeploymentView } from './deployment-view.ts';

/** CloudFormation: of a template that is sent along, at most so many bytes; a larger one must lie in a bucket. */
const MOST_BYTES = 51_200;

/** The template itself, or its address in the administrator's bucket. */
export async function templateSource(
  template: Template,
  { admin, wanted }: Pick<DeploymentView, 'admin' | 'wanted'>,
): Promise<{ readonly TemplateBody: string } | { readonly TemplateURL: string }> {
  const text = JSON.stringify(template);
  if (new TextEncoder().encode(text).length <= MOST_BYTES) return { TemplateBody: text };
  const { region, partition } = wanted.place;
  return { TemplateURL: await stored(admin, text, `s3.${region}.${dnsSuffix(partition)}`) };
}

async function stored(admin: ObjectStore, text: string, host: string): Promise<string> {
  const key = `templates/${sha256Hex(text).slice(0, 16)}.json`;
  await admin.put(key, text, { ifAbsent: true });
  return `https://${host}/${admin.bucket}/${key}`;
}
