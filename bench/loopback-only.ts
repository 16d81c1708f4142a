/** As in all tests: whatever the bench calls is on this machine, and it looks for nobody's credentials. Before the first client is made. */
export function loopbackOnly(): void {
  Object.assign(process.env, {
    CLUSTERDROP_LOOPBACK_ONLY: '1',
    AWS_ENDPOINT_URL: '',
    AWS_REGION: 'eu-west-2',
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_SESSION_TOKEN: '',
    AWS_PROFILE: '',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  });
}
