import type Docker from 'dockerode';

/** An engine that takes longer to answer hangs: even on a machine that swaps, a start takes seconds. */
export const ENGINE_SILENCE = 60_000;
/** Times as long when something is removed: the files of a large volume go one by one before it answers. */
const FOR_REMOVALS = 10;

/**
 * Has every call that an engine should answer at once fail when it does not: one that hangs accepts each connection, and would be waited
 * for without end. Of a stream only the beginning is waited for. What sends files may take as long as it takes, and whoever calls with
 * a signal of their own minds the time themselves.
 */
export function withPatience(docker: Docker, silenceMs = ENGINE_SILENCE): Docker {
  const { modem } = docker;
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) => {
    if (options.file !== undefined || options.abortSignal) return dial(options, callback);
    const patience = options.method === 'DELETE' ? FOR_REMOVALS * silenceMs : silenceMs;
    const given = new AbortController();
    const timer = setTimeout(() => {
      callback?.(noAnswer(patience), null);
      given.abort();
    }, patience);
    // A second call, after the abort, comes to nothing: the promise is settled.
    dial({ ...options, abortSignal: given.signal }, (error, result) => {
      clearTimeout(timer);
      callback?.(error, result);
    });
  };
  return docker;
}

/** The code says what is known: the connection was there, and what was asked for may have been done, or half done. */
function noAnswer(afterMs: number): Error {
  return Object.assign(new Error(`nothing within ${afterMs / 1000} s`), { code: 'ECONNABORTED' });
}
