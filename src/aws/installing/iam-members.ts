import {
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  type IAMClient,
  paginateGetGroup,
  paginateListEntitiesForPolicy,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import type { Attachment } from './destruction.ts';

/** Names of a group's members; none where there is no such group. */
export async function membersOf(client: IAMClient, group: string): Promise<string[]> {
  const names: string[] = [];
  await ignoringAbsence(async () => {
    for await (const { Users = [] } of paginateGetGroup({ client }, { GroupName: group }))
      names.push(...Users.map(({ UserName = '' }) => UserName));
  });
  return names;
}

/** @returns false when they were no member */
export async function leaveGroup(client: IAMClient, group: string, user: string): Promise<boolean> {
  return ignoringAbsence(async () => {
    await client.send(new RemoveUserFromGroupCommand({ GroupName: group, UserName: user }));
  });
}

/** Who has a policy, besides `group`, whose own stack attached it. */
export async function attachmentsOf(client: IAMClient, policy: string, group: string): Promise<Attachment[]> {
  const found: Attachment[] = [];
  const add = (kind: Attachment['kind'], name = '') => void found.push({ policy, kind, name });
  await ignoringAbsence(async () => {
    const pages = paginateListEntitiesForPolicy({ client }, { PolicyArn: policy });
    for await (const { PolicyUsers = [], PolicyGroups = [], PolicyRoles = [] } of pages) {
      for (const { UserName } of PolicyUsers) add('user', UserName);
      for (const { RoleName } of PolicyRoles) add('role', RoleName);
      for (const { GroupName } of PolicyGroups) if (GroupName !== group) add('group', GroupName);
    }
  });
  return found;
}

export async function detach(client: IAMClient, { policy, kind, name }: Attachment): Promise<void> {
  const PolicyArn = policy;
  await ignoringAbsence(async () => {
    if (kind === 'user') await client.send(new DetachUserPolicyCommand({ PolicyArn, UserName: name }));
    else if (kind === 'role') await client.send(new DetachRolePolicyCommand({ PolicyArn, RoleName: name }));
    else await client.send(new DetachGroupPolicyCommand({ PolicyArn, GroupName: name }));
  });
}

/** @returns false when IAM said that there is no such thing */
async function ignoringAbsence(act: () => Promise<void>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchEntityException') return false;
    throw error;
  }
}
