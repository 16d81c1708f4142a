type Environment = Readonly<Record<string, string | undefined>>;

/** Where calls to AWS go. Credentials are found by the SDK itself: environment, profile, role of the machine. */
export interface AwsAccess {
  /** An emulator of AWS instead of AWS. */
  readonly endpoint?: string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * `AWS_ENDPOINT_URL` points every call at an emulator. With `CLUSTERDROP_LOOPBACK_ONLY=1`, as in all tests, nothing but an
 * emulator on this machine is ever called: without one the program stops before the first call.
 */
export function awsAccess(environment: Environment): AwsAccess {
  const endpoint = environment['AWS_ENDPOINT_URL'] || undefined;
  if (environment['CLUSTERDROP_LOOPBACK_ONLY'] === '1' && !isLoopback(endpoint))
    throw new Error(
      `CLUSTERDROP_LOOPBACK_ONLY is set and AWS_ENDPOINT_URL is ${endpoint ?? 'not'}: nothing is called that is not on this machine`,
    );
  return endpoint === undefined ? {} : { endpoint };
}

function isLoopback(endpoint: string | undefined): boolean {
  return endpoint !== undefined && URL.canParse(endpoint) && LOOPBACK.test(new URL(endpoint).hostname);
}

// The SDK's advice to take a newer Node is for whoever builds a new version of this package, whose SDK is fixed; not for its users.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/**
 * A connection on which nothing moves for so long is given up and the call made again; of a frozen function they may all be dead. More than
 * the twenty seconds of a queue's long poll, and four tries are less than a function's time. Not the SDK's `requestTimeout`, which ends no
 * call, it only warns; and would end a slow upload if it did.
 */
const SILENCE = 25_000;

/** What every client is made with. Throttling slows the client down by itself, before anybody hears of it. */
export function clientConfig({ endpoint }: AwsAccess, region: string) {
  return {
    region,
    ...(endpoint !== undefined && { endpoint }),
    retryMode: 'adaptive' as const,
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: SILENCE },
  };
}

/** The same for S3. An emulator knows buckets by path only, for it has one name. */
export function s3Config(access: AwsAccess, region: string) {
  return {
    ...clientConfig(access, region),
    forcePathStyle: access.endpoint !== undefined,
    followRegionRedirects: true,
  };
}
