/** A policy document as IAM, S3, SQS and SNS take it. Written out plainly: what stands here is what an administrator reads in the account. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** `unknown`: a text, or a function of CloudFormation in its place. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: readonly string[] | string;
  readonly Resource: unknown;
  readonly Condition?: Condition;
}

export type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export function policy(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(
  sid: string,
  actions: readonly string[],
  resource: unknown,
  condition?: Condition,
): Statement {
  return {
    Sid: sid,
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
    ...(condition && { Condition: condition }),
  };
}

/** Refuses what does not come by TLS. */
export function tlsOnly(sid: string, action: string, resource: unknown): Statement {
  return {
    Sid: sid,
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** Lets a service of AWS assume a role. */
export function trust(service: string, condition?: Condition): PolicyDocument {
  const statement: Omit<Statement, 'Resource'> = {
    Sid: 'Trust',
    Effect: 'Allow',
    Principal: { Service: service },
    Action: 'sts:AssumeRole',
    ...(condition && { Condition: condition }),
  };
  return { Version: '2012-10-17', Statement: [statement as Statement] };
}
