/**
 * Accounts and groups that a node has already, or gets with a package: a person must never become one of them, nor share a group with it.
 * Debian 12 (base-passwd, and its packages' `adduser --system`), what cloud images and Slurm bring, and other systems' first users.
 */
const RESERVED = new Set(
  [
    // base-passwd: users, then groups (an account brings a group of its own name)
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody',
    'adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video sasl plugdev staff users nogroup',
    'input sgx kvm render crontab netdev wheel bluetooth scanner lpadmin pulse-access ssl-cert ssh wireshark i2c gpio spi rdma',
    // services
    'messagebus sshd ntp ntpsec chrony postfix postdrop dovecot dovenull exim mysql mariadb postgres redis memcache mongodb elasticsearch',
    'statd rpc rpcuser nfsnobody nslcd nscd sssd ldap openldap krb5kdc polkitd polkituser tcpdump tss uuidd avahi avahi-autoipd dnsmasq',
    'bind named unbound dhcpd dhcpcd ftp ftpd git gitlab syslog rsyslog logcheck landscape pollinate fwupd-refresh usbmux rtkit colord',
    'saned geoclue gdm lightdm sddm pulse hplip whoopsie kernoops speech-dispatcher nm-openvpn openvpn strongswan cups-pk-helper',
    'nginx apache httpd tomcat haproxy squid varnish vnstat nagios nrpe zabbix prometheus node-exporter telegraf collectd ganglia snmp',
    'docker podman lxd lxc libvirt libvirt-qemu libvirt-dnsmasq qemu ceph glusterfs gluster lustre beegfs mosquitto rabbitmq',
    'halt shutdown ftpadmin mailnull smmsp vcsa abrt oprofile ident jenkins',
    // the cluster itself
    'slurm slurmrestd slurmdbd slurmctld munge clusterdrop cluster alces flight siteadmin hpc',
    // cloud images
    'admin administrator debian ubuntu ec2-user ec2-instance-connect ssm-user cloud-user cloud-init cloud centos fedora rocky almalinux',
    'opensuse suse arch alpine core bitnami vagrant pi azureuser google-sudoers google test guest',
    // words that scripts and PAM give a meaning
    'all default none any self anonymous toor home shared',
  ].flatMap((line) => line.split(' ')),
);

/** `_apt`, `_chrony`: how Debian names a package's own account. `systemd-network` and its like come and go with versions. */
const RESERVED_FORM = /^(?:_|systemd-|debian-|snap[_-])/;

export function isReservedAccount(name: string): boolean {
  return RESERVED.has(name) || RESERVED_FORM.test(name);
}
