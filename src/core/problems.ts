import { AWS_PROBLEMS } from './aws-problems.ts';
import { CLIENT_PROBLEMS } from './client-problems.ts';
import { HOSTS_PROBLEMS } from './hosts-problems.ts';
import { type Definition, define, type Owner } from './problem-definition.ts';

/**
 * Everything a person must be told when something is wrong, in one table: code = key, so it cannot drift.
 * `docs/problems.md`, exit codes and HTTP statuses are derived from it.
 *
 * Message style: lower-case start unless a name, no full stop, the wrong value shown. `fix` is an imperative sentence.
 */

export const PROBLEMS = {
  // The file itself
  'blank-file': define({
    owner: 'author',
    says: () => 'the file is blank',
    fix: 'Put at least {} into it. A copy that was still under way looks like this too: then simply copy it again.',
  }),
  'not-json': define<{ found: string }>({
    owner: 'author',
    says: ({ found }) => `not valid JSON: ${found}`,
    fix: 'Correct this place and upload the file again; "clusterdrop check FILE" shows all mistakes beforehand.',
  }),
  'too-large': define<{ most: number }>({
    owner: 'author',
    says: ({ most }) => `the file has more than ${most} bytes, the most that is read`,
    fix: 'Check that it is the right file: a request is a short text. Job data belong into the NAME.files folder.',
  }),
  'utf-16': define({
    owner: 'author',
    says: () => 'the file is in UTF-16, a coding that spends two bytes on every letter',
    fix: 'Save it again as UTF-8. Notepad: Save as, Encoding: UTF-8. PowerShell: Out-File -Encoding utf8.',
  }),
  'not-utf-8': define<{ byte: number; count: number }>({
    owner: 'author',
    says: ({ byte, count }) =>
      `the file is not UTF-8: byte 0x${byte.toString(16).toUpperCase().padStart(2, '0')} here${count > 1 ? ` and ${count - 1} more` : ''}`,
    fix: 'Save it again as UTF-8, or take out the accented or special letter at this place.',
  }),
  'not-text': define<{ kind: string }>({
    owner: 'author',
    says: ({ kind }) => `the file is ${kind}, not plain text`,
    fix: 'Write the request in a plain text editor (Notepad, TextEdit set to plain text, nano) and upload that file.',
  }),
  'too-deep': define<{ most: number }>({
    owner: 'author',
    says: ({ most }) => `brackets are nested more than ${most} deep`,
    fix: 'Write one { } with keys and plain values in it: a request needs no inner brackets.',
  }),
  'not-an-object': define<{ found: string }>({
    owner: 'author',
    says: ({ found }) => `the file holds ${found}, but a request is keys and values between { and }`,
    fix: 'Put everything between { and }, such as {"ComputeMaxNodes": 4}; {} alone takes all the defaults.',
  }),
  'more-mistakes': define<{ count: number }>({
    owner: 'author',
    says: ({ count }) => `and ${count} more mistake${count === 1 ? '' : 's'}, not shown`,
    fix: 'Correct those above first.',
  }),

  // Keys and values of the request
  'duplicate-key': define<{ key: string; first: number; second: number }>({
    owner: 'author',
    says: ({ key, first, second }) =>
      first === second
        ? `"${key}" stands twice in line ${first}`
        : `"${key}" stands twice, in line ${first} and in line ${second}`,
    fix: 'Keep one of them.',
  }),
  'unknown-key': define<{ key: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ key }) => `there is no key "${key}"`,
    fix: ({ nearest }) =>
      nearest === undefined
        ? 'Take it out; docs/request.md lists all keys. A note of your own may have a key that begins with //.'
        : `Did you mean "${nearest}"?`,
  }),
  'key-from-folder': define<{ key: string }>({
    owner: 'author',
    says: ({ key }) => `${key} cannot be set by the file: it comes from the folder that the file lies in`,
    fix: 'Take this key out.',
  }),
  'wrong-type': define<{ key: string; found: string; wants: string; hint?: string | undefined }>({
    owner: 'author',
    says: ({ key, found, wants }) => `${key} must be ${wants}; found ${found}`,
    fix: ({ hint, wants }) => hint ?? `Write ${wants}.`,
  }),
  'not-a-number': define<{ key: string; found: string; wants: string; instead: string | undefined }>({
    owner: 'author',
    says: ({ key, found, wants }) => `${key} must be ${wants}; found "${found}"`,
    fix: ({ instead }) =>
      instead === undefined ? 'Write it in digits, such as 25.' : `Write it in digits: ${instead}`,
  }),
  'out-of-range': define<{ key: string; found: string; wants: string; hint?: string | undefined }>({
    owner: 'author',
    says: ({ key, found, wants }) => `${key} must be ${wants}; found ${found}`,
    fix: ({ hint, wants }) => hint ?? `Write ${wants}.`,
  }),
  'not-allowed': define<{ key: string; found: string; allowed: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ key, found, allowed }) => `${key} must be ${allowed}; found "${found}"`,
    fix: ({ nearest, allowed }) =>
      nearest === undefined ? `Write ${allowed}.` : `Did you mean "${nearest}"?`,
  }),
  'unknown-instance-type': define<{ key: string; found: string; nearest: readonly string[] }>({
    owner: 'author',
    says: ({ key, found }) => `${key}: there is no EC2 instance type "${found}"`,
    fix: ({ nearest }) =>
      nearest.length === 0
        ? 'Write a type such as r4.large; https://aws.amazon.com/ec2/instance-types/ lists them.'
        : `Did you mean ${nearest.join(' or ')}?`,
  }),
  'wrong-shape': define<{ key: string; found: string; type: string; real: string }>({
    owner: 'author',
    says: ({ key, found, type, real }) => `${key}: "${found}" contradicts itself: ${type} is ${real}`,
    fix: ({ type, real }) => `Write ${type}, or ${type}-${real}, or choose another type.`,
  }),
  'two-instance-types': define<{ key: string; type: string; otherKey: string; other: string }>({
    owner: 'author',
    says: ({ key, type, otherKey, other }) => `${key} says ${type} but ${otherKey} says ${other}`,
    fix: ({ otherKey }) =>
      `Keep one of the two, or the same type in both; ${otherKey} can simply be left out.`,
  }),
  'not-linux': define<{ key: string; type: string }>({
    owner: 'author',
    says: ({ key, type }) => `${key}: ${type} runs macOS only, the cluster runs Linux`,
    fix: 'Choose another type, such as c4.large.',
  }),
  'needs-unit': define<{ key: string; found: string; examples: string }>({
    owner: 'author',
    says: ({ key, found }) => `${key} is ${found} without a unit`,
    fix: ({ examples }) => `Say of what: ${examples}.`,
  }),
  'not-a-duration': define<{ key: string; found: string; examples: string }>({
    owner: 'author',
    says: ({ key, found }) => `${key} is "${found}", which is not a length of time`,
    fix: ({ examples }) => `Write days, hours or minutes, such as ${examples}.`,
  }),
  'not-an-address': define<{ found: string }>({
    owner: 'author',
    says: ({ found }) => `NotifyEmail is "${found}", which is not one mail address`,
    fix: 'Write one address such as "you@example.org", or "registered" for the one that your administrator knows.',
  }),
  'blueprint-is-url': define<{ found: string }>({
    owner: 'author',
    says: ({ found }) =>
      `Blueprint is "${found}": a file can name a blueprint but not bring its own template`,
    fix: 'Write the name of a blueprint, such as "slurm".',
  }),
  'unknown-blueprint': define<{ found: string; allowed: readonly string[]; nearest: string | undefined }>({
    owner: 'author',
    says: ({ found, allowed }) =>
      `there is no blueprint "${found}"${allowed.length > 0 ? `; yours: ${allowed.join(', ')}` : ''}`,
    fix: ({ nearest }) =>
      nearest === undefined ? 'Leave the key out for the default one.' : `Did you mean "${nearest}"?`,
  }),
  'not-in-blueprint': define<{ key: string; blueprint: string; fixed: string }>({
    owner: 'author',
    says: ({ key, blueprint, fixed }) =>
      `${key} cannot be chosen with the blueprint "${blueprint}", where it is always ${fixed}`,
    fix: 'Take this key out, or choose another blueprint.',
  }),
  'spot-needs-cap': define<{ blueprint: string }>({
    owner: 'author',
    says: ({ blueprint }) =>
      `ComputeSpotPrice "spot" has no highest price, and the blueprint "${blueprint}" needs one`,
    fix: 'Write the most that a node may cost per hour in USD, such as 0.05, or "on-demand".',
  }),
  'shape-unknown': define<{ key: string; type: string; blueprint: string }>({
    owner: 'author',
    says: ({ key, type, blueprint }) =>
      `${key}: the blueprint "${blueprint}" needs the cores and memory of ${type}, which are not known here`,
    fix: 'Choose another type, or ask your administrator to refresh the table of instance types.',
  }),

  // Contradictions between keys
  'too-many-at-once': define<{ initial: string; most: string }>({
    owner: 'author',
    says: ({ initial, most }) =>
      `ComputeInitialNodes is ${initial}, more than ComputeMaxNodes, which is ${most}`,
    fix: 'Raise ComputeMaxNodes or lower ComputeInitialNodes.',
  }),
  'idle-outlives-cluster': define<{ idle: string; lifetime: string }>({
    owner: 'author',
    says: ({ idle, lifetime }) =>
      `IdleTimeout is ${idle}, longer than the whole Lifetime, which is ${lifetime}`,
    fix: 'Shorten IdleTimeout, lengthen Lifetime, or set IdleTimeout to "off".',
  }),
  'no-spot-market': define<{ type: string; price: string }>({
    owner: 'author',
    says: ({ type, price }) => `${type} cannot be had on the spot market, but ComputeSpotPrice is ${price}`,
    fix: 'Set ComputeSpotPrice to "on-demand", or choose another ComputeInstanceType.',
  }),
  'two-architectures': define<{ login: string; compute: string }>({
    owner: 'author',
    says: ({ login, compute }) =>
      `login and compute nodes share programs, but MasterInstanceType is ${login} and ComputeInstanceType is ${compute}`,
    fix: 'Choose both types from the same processor family.',
  }),

  // Limits set by the administrator
  'limit-clusters': define<{ most: number; has: number; contact: string }>({
    owner: 'author',
    says: ({ most, has }) => `you may have ${most} cluster${most === 1 ? '' : 's'} at once and have ${has}`,
    fix: ({ contact }) => `Delete one first (drop NAME.cf-delete), or ask ${contact}.`,
  }),
  'limit-nodes': define<{ most: number; asked: number; contact: string }>({
    owner: 'author',
    says: ({ most, asked }) => `ComputeMaxNodes is ${asked}, your limit is ${most}`,
    fix: ({ most, contact }) => `Ask for at most ${most}, or ask ${contact} for more.`,
  }),
  'limit-instance-type': define<{ key: string; type: string; allowed: readonly string[]; contact: string }>({
    owner: 'author',
    says: ({ key, type, allowed }) => `${key} is ${type}, you may use ${allowed.join(', ') || 'none'}`,
    fix: ({ contact }) => `Choose one that fits (* stands for anything), or ask ${contact}.`,
  }),
  'limit-disk': define<{ most: number; asked: number; contact: string }>({
    owner: 'author',
    says: ({ most, asked }) => `MasterSystemVolumeSize is ${asked} GB, your limit is ${most} GB`,
    fix: ({ most, contact }) => `Ask for at most ${most}, or ask ${contact} for more.`,
  }),
  'limit-spot-price': define<{ most: number; asked: string; contact: string }>({
    owner: 'author',
    says: ({ most, asked }) => `ComputeSpotPrice is ${asked}, your limit is ${most} USD per node and hour`,
    fix: ({ most, contact }) => `Ask for at most ${most}, or ask ${contact} for more.`,
  }),
  'limit-on-demand': define<{ contact: string }>({
    owner: 'author',
    says: () => 'ComputeSpotPrice asks for on-demand nodes, but you may use spot nodes only',
    fix: ({ contact }) => `Set ComputeSpotPrice to a highest price in USD, such as 0.05, or ask ${contact}.`,
  }),
  'limit-lifetime': define<{ most: string; asked: string; contact: string }>({
    owner: 'author',
    says: ({ most, asked }) => `Lifetime is ${asked}, your limit is ${most}`,
    fix: ({ most, contact }) =>
      `Ask for at most ${most}; a later drop that names Lifetime extends it. Or ask ${contact} for more.`,
  }),
  'limit-blueprint': define<{ blueprint: string; allowed: readonly string[]; contact: string }>({
    owner: 'author',
    says: ({ blueprint, allowed }) =>
      `you may not use the blueprint "${blueprint}", only ${allowed.join(', ') || 'none'}`,
    fix: ({ contact }) => `Choose another one, or ask ${contact}.`,
  }),
  'limit-mail': define<{ address: string; domains: readonly string[]; contact: string }>({
    owner: 'author',
    says: ({ address, domains }) =>
      `mail to ${address} is not allowed: it must be your registered address${domains.length > 0 ? ` or one at ${domains.join(', ')}` : ''}`,
    fix: ({ contact }) => `Write "registered", or ask ${contact} to register this address.`,
  }),
  'limit-usd-per-hour': define<{ most: number; asked: string; contact: string }>({
    owner: 'author',
    says: ({ most, asked }) =>
      `the cluster could cost ${asked} USD per hour, your limit is ${most} (estimates)`,
    fix: ({ contact }) => `Ask for fewer or smaller nodes or a lower spot price, or ask ${contact}.`,
  }),
  'limit-usd-per-month': define<{ most: number; asked: string; before: string; contact: string }>({
    owner: 'author',
    says: ({ most, asked, before }) =>
      `the cluster could cost ${asked} USD until its end; with ${before} already spent or promised this month that is over your limit of ${most} (estimates)`,
    fix: ({ contact }) => `Shorten Lifetime, ask for fewer or smaller nodes, or ask ${contact}.`,
  }),
  'price-unknown': define<{ what: string; limit: string; contact: string }>({
    owner: 'author',
    says: ({ what, limit }) => `the price of ${what} is not known, so your limit of ${limit} cannot be kept`,
    fix: ({ contact }) => `Choose another type, or ask ${contact}.`,
  }),

  // What an administrator wrote
  'bad-blueprint': define<{ where: string; what: string }>({
    owner: 'operator',
    says: ({ where, what }) => `blueprint.json${where && `, ${where}`}: ${what}`,
    fix: 'Correct it; schemas/blueprint.schema.json describes the format.',
  }),
  'bad-defaults': define<{ blueprint: string; what: string }>({
    owner: 'operator',
    says: ({ blueprint, what }) => `the defaults of the blueprint "${blueprint}" are wrong: ${what}`,
    fix: 'Show this to your administrator.',
  }),
  'missing-blueprint': define<{ blueprint: string; contact: string }>({
    owner: 'operator',
    says: ({ blueprint }) => `the blueprint "${blueprint}" is allowed but not installed`,
    fix: ({ contact }) => `Name another blueprint, or ask ${contact}.`,
  }),
  'bad-limits': define<{ where: string; what: string }>({
    owner: 'operator',
    says: ({ where, what }) => `limits${where && `, ${where}`}: ${what}`,
    fix: 'Correct it; schemas/limits.schema.json describes the format.',
  }),

  // Names and places
  'bad-name': define<{ name: string }>({
    owner: 'author',
    says: ({ name }) => `"${name}" cannot be the name of a cluster`,
    fix: 'Rename the file: a letter first, then letters, digits and hyphens, at most 40 characters before the suffix.',
  }),
  'bad-folder': define<{ key: string }>({
    owner: 'author',
    says: ({ key }) => `the folder part of "${key}" has an empty, "." or ".." part`,
    fix: 'Move the file to a folder with an ordinary name.',
  }),
  'extra-extension': define<{ file: string; better: string }>({
    owner: 'author',
    says: ({ file }) => `"${file}" is not read: something follows its suffix`,
    fix: ({ better }) => `Rename it to "${better}" (some programs add an extension and hide it).`,
  }),
  'suffix-case': define<{ file: string; better: string }>({
    owner: 'author',
    says: ({ file }) => `"${file}" is not read: the suffix must be in lower case`,
    fix: ({ better }) => `Rename it to "${better}".`,
  }),
  'key-too-long': define<{ bytes: number }>({
    owner: 'author',
    says: ({ bytes }) => `the path of the file is ${bytes} bytes long, 1000 is the most that can be answered`,
    fix: 'Use fewer or shorter folder names.',
  }),

  // Whether the user may
  'no-profile': define<{ user: string; contact: string }>({
    owner: 'operator',
    says: ({ user }) => `"${user}" has not been set up to start clusters`,
    fix: ({ contact, user }) => `Ask ${contact} to run: clusterdrop admin add-user ${user}`,
  }),
  frozen: define<{ reason: string; contact: string }>({
    owner: 'operator',
    says: ({ reason }) => `new clusters are paused: ${reason}`,
    fix: ({ contact }) => `Drop the file again later, or ask ${contact}. Running clusters go on.`,
  }),

  // What became of the stack
  'creation-failed': define<{ resource: string; reason: string }>({
    owner: 'operator',
    says: ({ resource, reason }) => `the cluster could not be built: ${resource} failed: ${reason}`,
    fix: 'If the reason names something in your file, change it and drop the file again; else show this to your administrator.',
  }),
  'creation-refused': define<{ reason: string }>({
    owner: 'operator',
    says: ({ reason }) => `the stack of the cluster was refused: ${reason}`,
    fix: 'Show this to your administrator.',
  }),
  'update-failed': define<{ resource: string; reason: string }>({
    owner: 'operator',
    says: ({ resource, reason }) => `the change could not be made: ${resource} failed: ${reason}`,
    fix: 'The cluster runs on as it was. Change the file and drop it again, or show this to your administrator.',
  }),
  'update-refused': define<{ reason: string }>({
    owner: 'operator',
    says: ({ reason }) => `the change of the stack was refused: ${reason}`,
    fix: 'The cluster runs on as it was. Show this to your administrator.',
  }),
  'cannot-change': define<{ key: string; from: string; to: string }>({
    owner: 'author',
    says: ({ key, from, to }) =>
      `${key} cannot be changed while the cluster runs (it is ${from}, the file asks for ${to})`,
    fix: 'Take this key out of the file, drop it under another name for a second cluster, or delete this cluster first.',
  }),
  'stack-vanished': define({
    owner: 'operator',
    says: () => 'the stack of this cluster was removed by somebody else while it was being started',
    fix: 'Drop the file again. If it happens again, ask your administrator who deletes stacks.',
  }),
  'stack-stuck': define<{ status: string; reason: string; contact: string }>({
    owner: 'operator',
    says: ({ status, reason }) =>
      `the stack of this cluster is stuck in ${status}${reason ? `: ${reason}` : ''}`,
    fix: ({ contact }) => `${contact} has to mend it; meanwhile use another name for a new cluster.`,
  }),
  overtaken: define({
    owner: 'author',
    says: () =>
      'a .cf-delete or a newer file of the same name came after this request, so nothing was started for it',
    fix: 'Drop the file again if you still want the cluster.',
  }),
  'foreign-stack': define<{ stack: string; contact: string }>({
    owner: 'operator',
    says: ({ stack }) =>
      `a stack named ${stack} exists but does not belong to this cluster, so it was not touched`,
    fix: ({ contact }) => `Use another name, and show this to ${contact}.`,
  }),
  'mail-given-up': define<{ subject: string; reason: string }>({
    owner: 'operator',
    says: ({ subject, reason }) => `mail "${subject}" could not be sent for 24 hours: ${reason}`,
    fix: 'Check the mail settings of the installation.',
  }),

  'folder-too-large': define<{ folder: string }>({
    owner: 'operator',
    says: ({ folder }) => `${folder} has too many files or folders to be looked through by the sweep`,
    fix: 'New drops are answered all the same; one whose event got lost, deep in that folder, is not. Large trees belong into a NAME.files/ folder.',
  }),
  'unreadable-object': define<{ key: string; found: string }>({
    owner: 'operator',
    says: ({ key, found }) => `"${key}" in the administrator's bucket cannot be read: ${found}`,
    fix: 'The administrator has to correct or remove that file; until then nothing that depends on it starts.',
  }),
  'unknown-version': define<{ key: string; version: string }>({
    owner: 'operator',
    says: ({ key, version }) =>
      `"${key}" in the administrator's bucket has version ${version}, this Clusterdrop reads version 1`,
    fix: 'The administrator has to upgrade Clusterdrop; the file is left as it is.',
  }),

  'in-the-way': define<{ key: string; why: string }>({
    owner: 'operator',
    says: ({ key, why }) => `"${key}" cannot be used: ${why}`,
    fix: 'Remove what lies there under that name, or give Clusterdrop the right to it; it is tried again by itself.',
  }),
  'bad-faults': define<{ found: string }>({
    owner: 'operator',
    says: ({ found }) => found,
    fix: 'Correct the control file of the simulated CloudFormation, or remove it; until then no stack moves.',
  }),

  // The administrator's commands
  'bad-user': define<{ user: string }>({
    owner: 'author',
    says: ({ user }) => `"${user}" cannot be the name of a user`,
    fix: 'Use 1 to 64 letters, digits and _ + = , . @ - (as IAM allows); "default" and "all" are taken.',
  }),
  'user-lookalike': define<{ user: string; other: string }>({
    owner: 'author',
    says: ({ user, other }) =>
      `there is a user "${other}" already, which differs from "${user}" in letter case only`,
    fix: 'Use that user, or another name: some file systems, and most people, take the two for one.',
  }),
  'bad-key': define<{ found: string }>({
    owner: 'author',
    says: ({ found }) => `"${found}" is no public ssh key`,
    fix: 'Give the public half: one line such as "ssh-ed25519 AAAA… name", usually from ~/.ssh/id_ed25519.pub.',
  }),
  'user-has-clusters': define<{ user: string; clusters: readonly string[] }>({
    owner: 'author',
    says: ({ user, clusters }) => `"${user}" still has clusters: ${clusters.join(', ')}`,
    fix: ({ user }) => `End them first (clusterdrop admin stop ${user}), or add --stop.`,
  }),
  'unknown-limit': define<{ found: string; nearest: string | undefined; known: readonly string[] }>({
    owner: 'author',
    says: ({ found }) => `there is no limit "${found}"`,
    fix: ({ nearest, known }) =>
      nearest === undefined ? `Use one of ${known.join(', ')}.` : `Did you mean "${nearest}"?`,
  }),
  'bad-limit': define<{ limit: string; found: string; what: string }>({
    owner: 'author',
    says: ({ limit, found, what }) => `the limit ${limit} ${what}; found "${found}"`,
    fix: ({ limit }) => `Write ${limit}=VALUE; --unset ${limit} goes back to the default.`,
  }),
  'not-frozen': define<{ who: string }>({
    owner: 'author',
    says: ({ who }) => `${who} not frozen`,
    fix: 'Nothing has to be done; "clusterdrop admin limits show" shows what holds.',
  }),
  'bad-user-list': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => what,
    fix: 'Correct this line. The first line names the columns: name,email,key. Nothing was done yet.',
  }),
  'bad-month': define<{ found: string; known: readonly string[] }>({
    owner: 'author',
    says: ({ found }) => `"${found}" is no month`,
    fix: ({ known }) =>
      known.length === 0 ? 'Write year and month: 2026-11.' : `Write one of ${known.join(', ')}.`,
  }),

  // The command line
  'unknown-command': define<{ found: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ found }) => `there is no command "${found}"`,
    fix: ({ nearest }) =>
      nearest === undefined ? 'Run "clusterdrop help" to see all commands.' : `Did you mean "${nearest}"?`,
  }),
  'unknown-option': define<{ found: string; command: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ found, command }) => `"clusterdrop ${command}" has no option ${found}`,
    fix: ({ nearest, command }) =>
      nearest === undefined
        ? `Run "clusterdrop help ${command}" to see its options.`
        : `Did you mean ${nearest}?`,
  }),
  'bad-option': define<{ option: string; found: string | undefined; wants: string }>({
    owner: 'author',
    says: ({ option, found, wants }) =>
      found === undefined
        ? `${option} must be followed by ${wants}`
        : `${option} must be ${wants}; found "${found}"`,
    fix: ({ option, wants }) => `Write ${option} and ${wants}.`,
  }),
  'clashing-options': define<{ one: string; other: string; why: string }>({
    owner: 'author',
    says: ({ one, other, why }) => `${one} and ${other} cannot be used together: ${why}`,
    fix: 'Leave one of them out.',
  }),
  'missing-argument': define<{ command: string; what: string }>({
    owner: 'author',
    says: ({ command, what }) => `"clusterdrop ${command}" must be told ${what}`,
    fix: ({ command }) => `Run "clusterdrop help ${command}" to see how it is used.`,
  }),
  'extra-argument': define<{ command: string; found: string }>({
    owner: 'author',
    says: ({ command, found }) => `"clusterdrop ${command}" cannot use the argument "${found}"`,
    fix: ({ command }) =>
      `Leave it out; "clusterdrop help ${command}" shows how it is used. A text with blanks needs quotes.`,
  }),
  'no-installation': define<{ place: string }>({
    owner: 'author',
    says: ({ place }) => `there is no installation of Clusterdrop in ${place}`,
    fix: 'Run "clusterdrop local" first, in another terminal, or say where it is: --dir DIR, or CLUSTERDROP_DIR.',
  }),
  'which-user': define<{ users: readonly string[] }>({
    owner: 'author',
    says: ({ users }) =>
      users.length === 0
        ? 'nobody has a folder here yet, so it is not known whose clusters are meant'
        : `there are several users: ${users.join(', ')}`,
    fix: 'Say who is meant: --user NAME, or set CLUSTERDROP_USER.',
  }),
  'unknown-user': define<{ user: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ user }) => `there is no user "${user}"`,
    fix: ({ user, nearest }) =>
      nearest === undefined
        ? `An administrator can add one: clusterdrop admin add-user ${user}`
        : `Did you mean "${nearest}"?`,
  }),
  'no-such-file': define<{ file: string; why: string }>({
    owner: 'author',
    says: ({ file, why }) => `${file} cannot be read: ${why}`,
    fix: 'Check its name and the folder that you are in.',
  }),
  'no-such-cluster': define<{ name: string; user: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ name, user }) => `${user} has no cluster "${name}"`,
    fix: ({ nearest }) =>
      nearest === undefined
        ? 'Run "clusterdrop list --all" to see all there are.'
        : `Did you mean "${nearest}"?`,
  }),
  'unknown-problem': define<{ found: string; nearest: string | undefined }>({
    owner: 'author',
    says: ({ found }) => `there is no problem with the code "${found}"`,
    fix: ({ nearest }) =>
      nearest === undefined ? 'Run "clusterdrop problems" to see all of them.' : `Did you mean "${nearest}"?`,
  }),
  'system-refused': define<{ what: string }>({
    owner: 'author',
    says: ({ what }) => `the system of this machine refused: ${what}`,
    fix: 'Check the rights on that file or folder, and that its disk is not full.',
  }),
  'needs-admin': define({
    owner: 'author',
    says: () => "the administrator's bucket cannot be seen from here",
    fix: 'Run this command as an administrator of the installation.',
  }),
  'drop-replaced': define<{ file: string }>({
    owner: 'author',
    says: ({ file }) => `a newer file took the place of your ${file} before it was answered to the end`,
    fix: 'Look at what holds now with "clusterdrop status"; drop your file again if it is still wanted.',
  }),
  'drop-vanished': define<{ file: string }>({
    owner: 'author',
    says: ({ file }) => `your ${file} was taken away, and no answer to it came`,
    fix: 'Somebody else with rights on the folder may have removed it: drop it again.',
  }),
  'cluster-ended': define<{ name: string; state: string }>({
    owner: 'author',
    says: ({ name, state }) => `the cluster "${name}" is ${state} already`,
    fix: 'Look at "clusterdrop status" for the reason; create it again if it is still wanted.',
  }),
  'cluster-stuck': define<{ name: string; why: string }>({
    owner: 'operator',
    says: ({ name, why }) => `the cluster "${name}" does not move any more: ${why}`,
    fix: 'Ask your administrator: only they can mend this. Meanwhile another name can be used.',
  }),
  'wait-timeout': define<{ after: string; file: string }>({
    owner: 'author',
    says: ({ after, file }) => `${file} was not answered to the end within ${after}`,
    fix: 'It still holds and goes on without you; "clusterdrop status" shows how far it is.',
  }),

  // Logging in, copying files, keys
  ...CLIENT_PROBLEMS,
  ...HOSTS_PROBLEMS,

  // An installation in an AWS account
  ...AWS_PROBLEMS,

  bug: define<{ what: string }>({
    owner: 'bug',
    says: ({ what }) => `Clusterdrop itself failed: ${what}`,
    fix: 'Report it with this text; nothing that you wrote is lost.',
  }),
} as const;

export type ProblemCode = keyof typeof PROBLEMS;
type ParamsOf<C extends ProblemCode> = (typeof PROBLEMS)[C] extends Definition<infer P> ? P : never;

/** Where in the person's file: line and column count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing to tell, as plain data: it goes into files, mails and `--json` as it is. */
export interface Problem {
  readonly code: ProblemCode;
  readonly owner: Owner;
  readonly message: string;
  readonly fix: string;
  readonly at?: Place;
  /** The end of a log that tells more. */
  readonly log?: readonly string[];
}

export function problem<C extends ProblemCode>(code: C, params: ParamsOf<C>, at?: Place): Problem {
  const definition = PROBLEMS[code] as unknown as Definition<ParamsOf<C>>;
  const fix = typeof definition.fix === 'string' ? definition.fix : definition.fix(params);
  return { code, owner: definition.owner, message: definition.says(params), fix, ...(at && { at }) };
}

/** Exit codes: 2 the author's, 3 the administrator's, 70 ours (EX_SOFTWARE of sysexits.h). */
export const EXIT_CODE: Readonly<Record<Owner, number>> = { author: 2, operator: 3, bug: 70 };

/** A problem on its way up; whoever shows it to a person shows `problems`, never the stack trace. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly problems: readonly Problem[];

  constructor(...problems: readonly Problem[]) {
    super(problems.map((one) => one.message).join('; '));
    this.problems = problems;
  }
}
