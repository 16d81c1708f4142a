import type { Readable } from 'node:stream';
import type { Cluster } from '../../core/identity.ts';
import { ProblemError } from '../../core/problems.ts';
import type { FolderStore } from '../folder-store.ts';
import type { UsersHost } from './as-user.ts';
import { fetchFiles } from './fetched-files.ts';
import { HostTrouble } from './host-trouble.ts';
import { bytesOf, type FileMarks, filesPrefix, sizeOf } from './kept-files.ts';
import { LeftOut, type Reason } from './left-out.ts';
import { listedFiles } from './listed-files.ts';
import { tooMany } from './names-limit.ts';

export interface SavedFiles {
  readonly marks: FileMarks;
  readonly count: number;
  readonly bytes: number;
  /** Something was copied, or is not there any more. */
  readonly hasChanged: boolean;
  /** What could not be saved, in words; the rest is. */
  readonly trouble?: string;
}

export interface FilesToSave extends UsersHost {
  readonly store: FolderStore;
  readonly cluster: Cluster;
  /** As they were when they were saved last. */
  readonly marks: FileMarks;
  /**
   * What cannot be stored is told and left out if it is one of these, else the whole fails, with all that can be stored in the bucket
   * where there is room. `obstacles`: its place is taken or closed, or it does not fit though there is room. `all`: also where there is
   * none. What no disk of this size could hold is always left out: nobody can make room for it.
   */
  readonly leaveOut?: 'nothing' | 'obstacles' | 'all';
  /** Told of each file that is in the bucket now, and what it looked like: so much is done, should the whole be cut short. */
  readonly done?: (path: string, mark: string) => void;
}

/** Is never filled by us: others need the disk too, the machine's own programs first of all. */
const RESERVE = 512 * 1024 * 1024;
/** A disk with less room than this beyond the reserve is full: its administrator has to see to it. */
const FULL = 64 * 1024 * 1024;

/** The bucket does not take what a host has, or the engine does not give it: no fault of the host's. */
export class BucketTrouble extends Error {
  override readonly name = 'BucketTrouble';
}

/**
 * Copies into the bucket what is new or changed in `~/files`. Nothing is removed there, and what somebody changed in the bucket
 * meanwhile is kept as its older version. The host is its user's ground: of what it sends only plain files are taken that were asked for.
 * @throws EngineTrouble when the host or the engine does not give them, BucketTrouble when they cannot be stored, the reason of
 * `signal` when that says stop
 */
export async function saveFiles(files: FilesToSave): Promise<SavedFiles> {
  try {
    return await copied(files);
  } catch (error) {
    // Whatever is cut off in the middle complains of something else.
    if (!(error instanceof BucketTrouble)) files.signal?.throwIfAborted();
    throw error;
  }
}

async function copied(files: FilesToSave): Promise<SavedFiles> {
  const { cluster, marks, store, done, leaveOut = 'nothing' } = files;
  const prefix = filesPrefix(cluster);
  const left = new LeftOut();
  const { marks: found, isCut } = await listedFiles(files, prefix, left);
  const changed = [...found.keys()].filter((path) => marks[path] !== found.get(path));
  const asked = new Set(withRoom(files, changed, found, left));
  const taken = new Set<string>();
  let isInTheWay = false;
  await fetchFiles(files, [...asked], async ({ path, size, isProgram, body }) => {
    const mark = found.get(path) ?? '';
    asked.delete(path);
    if (size > roomIn(store)) throw noRoomNow(path, size > sizeOf(mark));
    const obstacle = await stored(files, prefix + path, body, isProgram);
    if (obstacle !== undefined) {
      isInTheWay = true;
      return left.add(obstacle, path);
    }
    taken.add(path);
    done?.(path, mark);
  });
  for (const path of asked) left.add('unreadable', path);
  // Only now: the other files are not to wait for it.
  if (isInTheWay && leaveOut === 'nothing') throw new BucketTrouble(left.words());
  const kept = Object.fromEntries(
    [...found].filter(([path, mark]) => marks[path] === mark || taken.has(path)),
  );
  const count = Object.keys(kept).length;
  const trouble = [left.words(), isCut ? tooMany() : undefined].filter((words) => words !== undefined);
  return {
    marks: kept,
    count,
    bytes: bytesOf(kept),
    hasChanged: taken.size > 0 || count !== Object.keys(marks).length,
    ...(trouble.length > 0 && { trouble: trouble.join('; and ') }),
  };
}

/** Those of `paths` that have room together. A file may claim to be larger than any disk: it is not even begun. */
function withRoom(
  { store, leaveOut = 'nothing' }: FilesToSave,
  paths: readonly string[],
  marks: ReadonlyMap<string, string>,
  left: LeftOut,
): readonly string[] {
  const room = roomIn(store);
  const whole = store.capacity();
  const fitting: string[] = [];
  let free = room;
  let isHeldUp = false;
  const sized = paths.map((path) => ({ path, size: sizeOf(marks.get(path) ?? '') }));
  // Small ones first: so as many as possible fit.
  for (const { path, size } of sized.toSorted((a, b) => a.size - b.size)) {
    if (size <= free) {
      free -= size;
      fitting.push(path);
      continue;
    }
    left.add('no room', path);
    if (size <= whole) isHeldUp = true;
  }
  if (isHeldUp && (leaveOut === 'nothing' || (leaveOut === 'obstacles' && room < FULL)))
    throw new BucketTrouble(`the disk of the bucket is too full. Make room there: ${left.words()}`);
  return fitting;
}

function roomIn(store: FolderStore): number {
  return Math.max(0, store.room() - RESERVE);
}

/** Somebody else has filled the disk since it was listed; or it has grown, or never was what it claimed to be. */
function noRoomNow(path: string, hasGrown: boolean): Error {
  const name = JSON.stringify(path.slice(0, 80));
  return hasGrown
    ? new HostTrouble(`${name} is larger than it was`)
    : new BucketTrouble(`the disk of the bucket has no room for ${name} any more`);
}

/** @returns what keeps it from being in the bucket now */
async function stored(
  { store }: FilesToSave,
  key: string,
  body: Readable,
  isProgram: boolean,
): Promise<Reason | undefined> {
  let broken: unknown;
  body.once('error', (error) => {
    broken = error;
  });
  try {
    await store.putFrom(key, body, isProgram);
    return undefined;
  } catch (error) {
    if (broken !== undefined) throw error;
    if (error instanceof ProblemError)
      return 'code' in error ? 'its place is closed' : 'something else lies in its place';
    throw new BucketTrouble(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
