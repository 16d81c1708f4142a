import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFolder } from './host-folder.ts';
import { hasTool } from './tools.ts';

const hasJq = hasTool('jq');
let host: HostFolder;
beforeEach(() => {
  host = new HostFolder();
  host.command('sinfo', 'echo idle~');
});
afterEach(() => host.remove());

describe('the message of the day', () => {
  const motd = () => host.run('bash "$LIB/bin/motd"').out;

  it('names the cluster while nothing is known of its folder', () => {
    expect(motd()).toContain('~/files is kept in your bucket, as mycluster.files/.\n');
  });

  it.runIf(hasJq)('tells where ~/files is kept, folders of the bucket included', () => {
    host.write('etc/clusterdrop/status.json', '{ "path": "home/alice/a paper/mycluster" }');
    expect(motd()).toContain('~/files is kept in your bucket, as home/alice/a paper/mycluster.files/.\n');
  });

  it.runIf(hasJq).each(['home/a\\u001b[31m', 'home/a\\nb', 'other', 'home/\\u202ea'])(
    'prints nothing that is no path of ours: %s',
    (path) => {
      host.write('etc/clusterdrop/status.json', `{ "path": "${path}" }`);
      expect(motd()).toContain('~/files is kept in your bucket, as mycluster.files/.\n');
    },
  );
});
