import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Blueprint } from '../../core/blueprint.ts';
import { ProblemError, problem } from '../../core/problems.ts';
import { installBlueprint, storedForm } from '../../engine/install-blueprint.ts';
import { packageFolder } from '../../shipped/package-folder.ts';
import { shippedBlueprints } from '../../shipped/shipped-blueprints.ts';
import { shippedCustomizer } from '../../shipped/shipped-customizer.ts';
import { CONTROL_PARTS, type ControlPart, type Template } from './control-stack.ts';
import { fileUpload, type Upload } from './upload.ts';

const TEMPLATES = 'infrastructure';
const CODE = 'functions.zip';

/** The four templates, of the package or of another folder. @throws ProblemError `incomplete-package` */
export function readTemplates(folder = join(packageFolder(), TEMPLATES)): Record<ControlPart, Template> {
  const read = (part: ControlPart): Template => {
    const file = join(folder, `${part}.template.json`);
    try {
      return Object(JSON.parse(readFileSync(file, 'utf8'))) as Template;
    } catch {
      throw new ProblemError(problem('incomplete-package', { file }));
    }
  };
  const [base, clusters, mail, engine] = CONTROL_PARTS.map(read) as [Template, Template, Template, Template];
  return { base, clusters, mail, engine };
}

/** The functions as a zip: of the package, or one that lies beside other templates. @throws ProblemError `incomplete-package` */
export function readCode(folder: string | undefined): Upload {
  const own = folder === undefined ? undefined : join(folder, CODE);
  const file = own !== undefined && existsSync(own) ? own : join(packageFolder(), 'dist', CODE);
  if (!existsSync(file)) throw new ProblemError(problem('incomplete-package', { file }));
  const body = readFileSync(file);
  // Named by its content: a function whose key stays has nothing to load anew.
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
  return fileUpload(`code/${hash}.zip`, body);
}

/** Files to begin with. They are the administrator's from then on. */
export function shippedUploads(): Upload[] {
  return [
    ...shippedCustomizer().map(({ key, body }) => fileUpload(`customizer/${key}`, body)),
    fileUpload('limits/default.json', '{\n  "version": 1\n}\n'),
    ...shippedBlueprints().flatMap(blueprintUpload),
  ];
}

/** Without a template a blueprint does for simulated clusters only, and is of no use in an account. */
function blueprintUpload(blueprint: Blueprint): Upload[] {
  const { name, template } = blueprint;
  const file = template && 'file' in template ? join(packageFolder(), 'blueprints', name, template.file) : '';
  if (file === '' || !existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return [
    {
      key: `blueprints/${name}/${storedForm(blueprint, text).hash}/blueprint.json`,
      put: (admin) => installBlueprint(admin, blueprint, text),
    },
  ];
}
