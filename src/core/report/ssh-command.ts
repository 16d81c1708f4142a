/** `ssh alice@192.0.2.17`, or nothing while the address is unknown or is none: it comes out of a template that is not ours. */
export function sshCommand(account: string, address: string | undefined): string | undefined {
  return address !== undefined && /^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/.test(address)
    ? `ssh ${account}@${address}`
    : undefined;
}
