import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyEntry, anyInstant, anyText } from '../../../test/report/arbitrary-observed.ts';
import { CLUSTER, goneEntry, REQUEST, START, sampleEntry } from '../../../test/report/samples.ts';
import { shippedCatalogue } from '../../../test/shipped.ts';
import { DAY, MINUTE } from '../instant.ts';
import { readRequest } from '../request.ts';
import { replyDeleted } from './reply-deleted.ts';

const contact = 'Dana (dana@example.org)';
const base = { cluster: CLUSTER, at: START + 3 * DAY, contact, simulated: false };

describe('replyDeleted', () => {
  it('says when, why, how long, how much, and how to get it back', () => {
    expect(replyDeleted({ ...base, entry: goneEntry() })).toMatchInlineSnapshot(`
      "The cluster "mycluster" is gone.

      When it ended:   Tue 24 Nov 2026, 19:16 UTC
      Why:             you asked for it (.cf-delete)
      How long it ran: 2 days 4 hours
      What it cost:    at most 46.15 USD
                       (an estimate: list prices, and as if every node that it may have had run all the time)
      Files saved:     not known; what was only on the cluster itself is lost

      To get the same cluster back, upload your mycluster.cf-create to home/alice/
      again, or a new one with this in it:

          {
            "Blueprint": "slurm",
            "ComputeInstanceType": "r4.large",
            "MasterInstanceType": "r4.large",
            "ComputeSpotPrice": 0.03,
            "AutoscalingPolicy": "enabled",
            "ComputeInitialNodes": 0,
            "ComputeMaxNodes": 25,
            "MasterSystemVolumeSize": 16,
            "Lifetime": "7d",
            "IdleTimeout": "off",
            "NotifyEmail": "registered"
          }

      What is in the folder home/alice/mycluster.files/ has not been touched. What
      was only on the cluster is gone.

      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('says of a simulated cluster that nothing was paid', () => {
    expect(
      replyDeleted({
        ...base,
        entry: goneEntry({ ending: { why: 'expired', at: START, attempts: 1 } }),
        simulated: true,
      }),
    ).toMatchInlineSnapshot(`
      "The cluster "mycluster" is gone.

      When it ended:   Tue 24 Nov 2026, 19:16 UTC
      Why:             it had reached its end date
      How long it ran: 2 days 4 hours
      What it cost:    nothing, as it was simulated. On AWS: at most 46.15 USD
                       (an estimate: list prices, and as if every node that it may have had run all the time)
      Files saved:     none; a simulated cluster has no files of its own

      To get the same cluster back, upload your mycluster.cf-create to home/alice/
      again, or a new one with this in it:

          {
            "Blueprint": "slurm",
            "ComputeInstanceType": "r4.large",
            "MasterInstanceType": "r4.large",
            "ComputeSpotPrice": 0.03,
            "AutoscalingPolicy": "enabled",
            "ComputeInitialNodes": 0,
            "ComputeMaxNodes": 25,
            "MasterSystemVolumeSize": 16,
            "Lifetime": "7d",
            "IdleTimeout": "off",
            "NotifyEmail": "registered"
          }

      What is in the folder home/alice/mycluster.files/ has not been touched, and
      will not be.

      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('says that there was none', () => {
    expect(replyDeleted(base)).toMatchInlineSnapshot(`
      "There is no cluster "mycluster", so there was nothing to delete.
      Wed 25 Nov 2026, 15:04 UTC

      If you meant another one: the file has to lie in the same folder and bear
      the same name as the one that started the cluster, capital letters included.
      Beside a cluster that runs there is a file with the suffix .cf-created.

      Questions? Ask Dana (dana@example.org).
      "
    `);
  });

  it('gives back a request that lost', () => {
    const reply = replyDeleted({ ...base, entry: goneEntry(), requestText: REQUEST });
    expect(reply.endsWith(`${'='.repeat(72)}\n${REQUEST}`)).toBe(true);
    expect(reply).toContain('The .cf-delete was the newer one, so it was not carried out.');
  });

  it('calls an unknown price unknown', () => {
    const { price } = sampleEntry();
    const reply = replyDeleted({ ...base, entry: goneEntry({ price: { ...price, usdPerHour: null } }) });
    expect(reply).toContain('What it cost:    unknown: there is no price');
    expect(reply).not.toContain('USD');
  });

  it('adds up what the cluster cost before its price changed', () => {
    const { endedAt = 0 } = goneEntry();
    const reply = replyDeleted({ ...base, entry: goneEntry({ paid: 1000, rateSince: endedAt }) });
    expect(reply).toContain('at most 1000.00 USD');
  });

  it('holds a request that makes the same cluster again', () => {
    const entry = goneEntry();
    const recipe = /^ {4}\{[^]*?^ {4}\}/m.exec(replyDeleted({ ...base, entry }))?.[0] ?? '';
    const { request, problems } = readRequest(new TextEncoder().encode(recipe), {
      catalogue: shippedCatalogue,
    });
    expect(problems).toEqual([]);
    expect(request).toEqual(entry.settings);
  });

  it('says when files were saved, if they were', () => {
    const files = { savedAt: START, count: 1, bytes: 3456 };
    const reply = replyDeleted({ ...base, entry: goneEntry(), files });
    expect(reply).toContain('Files saved:     Sun 22 Nov 2026, 15:04 UTC (1 file, 3.5 kB)\n');
    expect(reply.slice(reply.indexOf('What was'))).toMatchInlineSnapshot(`
      "What was in ~/files when it was last saved, on Sun 22 Nov 2026, 15:04 UTC (1
      file, 3.5 kB), is in the folder home/alice/mycluster.files/, and a new
      cluster of that name gets it back. All else on the cluster is gone.

      Questions? Ask Dana (dana@example.org).
      "
    `);
    const trouble = 'no room\u001b[2J\nis left';
    const troubled = replyDeleted({ ...base, entry: goneEntry(), files: { savedAt: START, trouble } });
    expect(troubled).toContain(
      'Files saved:     Sun 22 Nov 2026, 15:04 UTC\n                 (saving failed: no room\\u001b[2J is left)\n',
    );
    const never = replyDeleted({ ...base, entry: goneEntry(), files: {} });
    expect(never).toContain('Files saved:     never\n');
    expect(never).toContain('Nothing of ~/files was saved.');
  });

  it('does not let a cluster that never got ready have run', () => {
    const { readyAt: _, ...entry } = goneEntry();
    expect(replyDeleted({ ...base, entry })).toContain('it never got ready');
  });

  it('counts from when one could log in', () => {
    const reply = replyDeleted({
      ...base,
      entry: goneEntry({ readyAt: START, endedAt: START + 61 * MINUTE }),
    });
    expect(reply).toContain('How long it ran: 1 hour 1 minute\n');
  });

  it('always answers, the same each time, and never with what a terminal obeys', () => {
    const anyReply = fc.record(
      {
        cluster: fc.record({ bucket: anyText, user: anyText, path: anyText, name: anyText }),
        entry: anyEntry,
        at: anyInstant,
        contact: anyText,
        simulated: fc.boolean(),
        requestText: anyText,
        savedAt: anyInstant,
      },
      { requiredKeys: ['cluster', 'at', 'contact', 'simulated'] },
    );
    fc.assert(
      fc.property(anyReply, (input) => {
        const reply = replyDeleted(input);
        expect(reply).not.toMatch(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]|undefined|NaN/u);
        expect(reply).toMatch(/\n$/);
        expect(replyDeleted(input)).toBe(reply);
      }),
    );
  });
});
