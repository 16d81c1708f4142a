import type { Command } from './command.ts';

export interface ListedCommand {
  /** One line, for the list of all commands, which must not load them. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command by its words, loaded when it is called: `clusterdrop list` need not read what `local` needs. */
export const COMMANDS: Readonly<Record<string, ListedCommand>> = {
  create: {
    summary: 'start a cluster, or change one that runs',
    load: async () => (await import('./commands/create.ts')).create,
  },
  list: {
    summary: 'your clusters',
    load: async () => (await import('./commands/list.ts')).list,
  },
  status: {
    summary: 'everything about one cluster',
    load: async () => (await import('./commands/status.ts')).status,
  },
  delete: {
    summary: 'end a cluster',
    load: async () => (await import('./commands/delete.ts')).deleteCluster,
  },
  check: {
    summary: 'what a request file comes to, with every mistake in it; drops nothing',
    load: async () => (await import('./commands/check.ts')).check,
  },
  ssh: {
    summary: 'log in to a cluster, or run a command on it',
    load: async () => (await import('./commands/ssh.ts')).ssh,
  },
  get: {
    summary: "copy files out of a cluster's NAME.files",
    load: async () => (await import('./commands/get.ts')).get,
  },
  put: {
    summary: "copy files into a cluster's NAME.files",
    load: async () => (await import('./commands/put.ts')).put,
  },
  key: {
    summary: 'the ssh keys that let you log in: list, add, remove',
    load: async () => (await import('./commands/key.ts')).keyCommand,
  },
  doctor: {
    summary: 'whether everything is there that you need, and how to mend what is not',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  problems: {
    summary: 'everything that can be wrong, and what to do about it',
    load: async () => (await import('./commands/problems.ts')).problems,
  },
  local: {
    summary: 'run everything on this machine, with no account',
    load: async () => (await import('./commands/local.ts')).local,
  },
  serve: {
    summary: 'run the engine of an installation on AWS on this machine',
    load: async () => (await import('./commands/serve.ts')).serveCommand,
  },
  'admin deploy': {
    summary: 'install Clusterdrop in an AWS account, or bring it up to date',
    load: async () => (await import('./commands/admin/deploy.ts')).deploy,
  },
  'admin destroy': {
    summary: 'take it out of the account again; data stay',
    load: async () => (await import('./commands/admin/destroy.ts')).destroy,
  },
  'admin users': {
    summary: 'who may start clusters, and what they have',
    load: async () => (await import('./commands/admin/users.ts')).users,
  },
  'admin add-user': {
    summary: 'let somebody start clusters',
    load: async () => (await import('./commands/admin/add-user.ts')).addUserCommand,
  },
  'admin add-users': {
    summary: 'the same for a whole list',
    load: async () => (await import('./commands/admin/add-users.ts')).addUsers,
  },
  'admin remove-user': {
    summary: 'let somebody start no more clusters; their files stay',
    load: async () => (await import('./commands/admin/remove-user.ts')).removeUserCommand,
  },
  'admin limits': {
    summary: 'show or set what users may have',
    load: async () => (await import('./commands/admin/limits.ts')).limits,
  },
  'admin add-blueprint': {
    summary: 'offer a CloudFormation template of your own as a kind of cluster',
    load: async () => (await import('./commands/admin/add-blueprint.ts')).addBlueprintCommand,
  },
  'admin clusters': {
    summary: "everybody's clusters and their cost",
    load: async () => (await import('./commands/admin/clusters.ts')).clusters,
  },
  'admin history': {
    summary: 'clusters that have ended, by month, and their cost',
    load: async () => (await import('./commands/admin/history.ts')).history,
  },
  'admin stop': {
    summary: "end somebody's clusters, or all",
    load: async () => (await import('./commands/admin/stop.ts')).stop,
  },
  'admin freeze': {
    summary: 'nothing new starts, for one user or for all',
    load: async () => (await import('./commands/admin/freeze.ts')).freezeCommand,
  },
  'admin thaw': {
    summary: 'end a freeze',
    load: async () => (await import('./commands/admin/thaw.ts')).thawCommand,
  },
  'admin doctor': {
    summary: 'whether the installation is sound, and how to mend what is not',
    load: async () => (await import('./commands/admin/doctor.ts')).adminDoctor,
  },
  'admin selftest': {
    summary: 'start and end a small cluster, and see whether all goes as it has to',
    load: async () => (await import('./commands/admin/selftest.ts')).selftest,
  },
};
