import type { Template } from './control-stack.ts';

/** What a template's conditions may look at: its parameters, and `AWS::Region` and its like. `undefined`: not known yet. */
export type ConditionValues = Readonly<Record<string, string | undefined>>;

type Json = Readonly<Record<string, unknown>>;

/** The template without the resources that these values leave out, so that a plan shows what will really be made. */
export function standingTemplate(template: Template, values: ConditionValues): Template {
  const conditions = Object(template['Conditions']) as Json;
  const resources = Object.entries(Object(template['Resources']) as Json).filter(([, resource]) => {
    const { Condition: name } = Object(resource) as { Condition?: unknown };
    return typeof name !== 'string' || holds(conditions[name], { conditions, values }) !== false;
  });
  return { ...template, Resources: Object.fromEntries(resources) };
}

interface Scope {
  readonly conditions: Json;
  readonly values: ConditionValues;
}

/** `undefined` where it cannot be told. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html */
function holds(condition: unknown, scope: Scope): boolean | undefined {
  const [[kind, operand] = ['', undefined]] = Object.entries(Object(condition) as Json);
  const operands: unknown[] = Array.isArray(operand) ? operand : [operand];
  const parts = () => operands.map((one) => holds(one, scope));
  switch (kind) {
    case 'Condition':
      return holds(scope.conditions[String(operand)], scope);
    case 'Fn::Not': {
      const [inner] = parts();
      return inner === undefined ? undefined : !inner;
    }
    case 'Fn::And':
      return parts().includes(false) ? false : parts().includes(undefined) ? undefined : true;
    case 'Fn::Or':
      return parts().includes(true) ? true : parts().includes(undefined) ? undefined : false;
    case 'Fn::Equals': {
      const [one, other] = operands.map((text) => valueOf(text, scope));
      return one === undefined || other === undefined ? undefined : one === other;
    }
    default:
      return undefined;
  }
}

function valueOf(value: unknown, { values }: Scope): string | undefined {
  if (typeof value === 'string') return value;
  const { Ref: name } = Object(value) as { Ref?: unknown };
  return typeof name === 'string' ? values[name] : undefined;
}
