// The keys and the user of a broker that is asked for TLS and SASL: a certificate authority of its own, a server and a
// client certificate made by openssl, and the listener settings that go with them. For tests on loopback only.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface BrokerUser {
  username: string;
  password: string;
}

/** Addresses by what they ask of a client. `tls` wants nothing but trust in `ca`, `mutualTls` also `cert` and `key`. */
export interface SecuredListeners {
  tls: string;
  mutualTls: string;
  /** PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512, all for `user`. */
  sasl: string;
  saslTls: string;
  user: BrokerUser;
  /** Paths of PEM files. */
  ca: string;
  cert: string;
  key: string;
}

export const securedNames = ['TLS', 'MTLS', 'SASL', 'SASLTLS'] as const;
const protocols = { TLS: 'SSL', MTLS: 'SSL', SASL: 'SASL_PLAINTEXT', SASLTLS: 'SASL_SSL' } as const;
export const protocolMap = securedNames.map((name) => `${name}:${protocols[name]}`).join(',');

export function makeKeys(dir: string): { ca: string; cert: string; key: string; server: string } {
  const at = (name: string): string => join(dir, name);
  const keys = { ca: at('ca.pem'), cert: at('client.pem'), key: at('client.key'), server: at('server-both.pem') };
  if (existsSync(keys.server)) return keys;
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const fresh = ['-newkey', 'rsa:2048', '-noenc', '-days', '30'];
  openssl('req', '-x509', ...fresh, '-subj', '/CN=tidewatch test CA', '-keyout', at('ca.key'), '-out', keys.ca);
  for (const name of ['server', 'client']) {
    const request = at(`${name}.csr`);
    writeFileSync(at(`${name}.ext`), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
    openssl('req', ...fresh, '-subj', `/CN=${name}`, '-keyout', at(`${name}.key`), '-out', request);
    const signed = ['-CA', keys.ca, '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '30'];
    openssl('x509', '-req', '-in', request, ...signed, '-extfile', at(`${name}.ext`), '-out', at(`${name}.pem`));
  }
  writeFileSync(keys.server, readFileSync(at('server.key'), 'utf8') + readFileSync(at('server.pem'), 'utf8'));
  return keys;
}

export function securityProperties(keys: { ca: string; server: string }, user: BrokerUser): Record<string, string> {
  const plain = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
  const properties: Record<string, string> = {
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keys.server,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': keys.ca,
    'listener.name.mtls.ssl.client.auth': 'required',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  };
  for (const listener of ['sasl', 'sasltls']) {
    const prefix = `listener.name.${listener}`;
    properties[`${prefix}.plain.sasl.jaas.config`] = `${plain} user_${user.username}="${user.password}";`;
    properties[`${prefix}.scram-sha-256.sasl.jaas.config`] = scram;
    properties[`${prefix}.scram-sha-512.sasl.jaas.config`] = scram;
  }
  return properties;
}

/** Arguments of `StorageTool format` that make the user known to SCRAM from the first start on. */
export function scramArguments(user: BrokerUser): string[] {
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${user.username},password=${user.password}]`,
  ]);
}
