import type { Installation, Network } from '../core/installation.ts';
import { ProblemError, problem } from '../core/problems.ts';
import { readJsonObject } from './json-object.ts';
import type { ObjectStore } from './ports.ts';

export const INSTALLATION_KEY = 'installation.json';

/** What the administrator's bucket says of the installation; `undefined` for a bucket that holds none. @throws ProblemError when it is wrong. */
export async function readInstallation(admin: ObjectStore): Promise<Installation | undefined> {
  const object = await readJsonObject(admin, INSTALLATION_KEY);
  return object && installationIn(object.value);
}

/** What the content of `installation.json` says. @throws ProblemError when it is wrong. */
export function installationIn(value: Readonly<Record<string, unknown>>): Installation {
  const { id, prefix, contact, adminEmail, simulated, containers, bucket, defaultBlueprint, network } = value;
  const wrong = (found: string) =>
    new ProblemError(problem('unreadable-object', { key: INSTALLATION_KEY, found }));
  if (typeof id !== 'string' || !/^[a-z0-9-]{1,40}$/.test(id))
    throw wrong('"id" must be 1 to 40 lower-case letters, digits and hyphens');
  if (typeof prefix !== 'string' || !/^[A-Za-z][A-Za-z0-9-]{0,29}$/.test(prefix))
    throw wrong('"prefix" must begin with a letter, then letters, digits and hyphens, at most 30');
  if (typeof contact !== 'string' || contact === '') throw wrong('"contact" must say whom users may ask');
  if (typeof bucket !== 'string' || bucket === '') throw wrong('"bucket" must name the users\' bucket');
  if (adminEmail !== undefined && typeof adminEmail !== 'string')
    throw wrong('"adminEmail" must be a mail address');
  if (defaultBlueprint !== undefined && typeof defaultBlueprint !== 'string')
    throw wrong('"defaultBlueprint" must be the name of a blueprint');
  if (network !== undefined && !isNetwork(network))
    throw wrong('"network" must hold "vpc", "subnets" (a list), "sshFrom", "boundary" and "rolePath"');
  return {
    version: 1,
    id,
    prefix,
    contact,
    bucket,
    simulated: simulated === true,
    ...(containers === true && { containers }),
    ...(adminEmail !== undefined && { adminEmail }),
    ...(defaultBlueprint !== undefined && { defaultBlueprint }),
    ...(network !== undefined && { network }),
  };
}

function isNetwork(value: unknown): value is Network {
  const { vpc, subnets, sshFrom, boundary, rolePath } = Object(value) as Partial<Record<string, unknown>>;
  return (
    [vpc, sshFrom, boundary, rolePath].every((one) => typeof one === 'string' && one !== '') &&
    Array.isArray(subnets) &&
    subnets.length > 0 &&
    subnets.every((one) => typeof one === 'string')
  );
}
