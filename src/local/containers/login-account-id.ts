/** User and group id of the login account on every host: the scripts of the hosts make it so. */
export const ACCOUNT_ID = 2000;
