import { ACCOUNT, ADMIN_BUCKET, HOME, USERS_BUCKETS } from '../infra/deployed.ts';

/** In the first of the users' buckets, unless another is named. */
export function home(path: string, name: string = USERS_BUCKETS[0]): string {
  return `arn:aws:s3:::${name}/home/${path}`;
}

export function bucket(name: string = USERS_BUCKETS[0]): string {
  return `arn:aws:s3:::${name}`;
}

export function admin(key: string): string {
  return `arn:aws:s3:::${ADMIN_BUCKET}/${key}`;
}

export function stack(name: string, region = HOME): string {
  return `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${name}/0a1b2c3d-4e5f-6789-abcd-ef0123456789`;
}

/** `kind/id` or `kind:id`, as the service writes it. */
export function here(service: string, rest: string, region = HOME): string {
  return `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
}

export function iam(rest: string): string {
  return here('iam', rest, '');
}

export const CLUSTER_ROLE = iam('role/clusterdrop/clusterdrop/clusters/mycluster-login');
export const CLUSTER_PROFILE = iam('instance-profile/clusterdrop/clusterdrop/clusters/mycluster-login');
export const CONTROL_ROLES = ['execution', 'reconcile', 'sweep', 'prices', 'forward'].map((name) =>
  iam(`role/clusterdrop/clusterdrop/control/clusterdrop-${name}`),
);
export const ELSEWHERE = 'us-east-1';
