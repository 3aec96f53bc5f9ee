import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, SETTINGS } from '../src/config.ts';

describe('config', () => {
  test('starts on loopback port 8080 with nothing set', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, DEMO: false, REPLAY_MS: 900_000 });
    expect(config.KAFKA_BROKERS).toBeUndefined();
  });

  test('an empty variable counts as not set', () => {
    expect(readConfig({ PORT: '', KAFKA_BROKERS: '' })).toMatchObject({ PORT: 8080 });
  });

  test('every fault is named with what was given and what is wanted, in one go', () => {
    const read = () => readConfig({ PORT: 'eighty', REPLAY_MS: '-1', LOG_LEVEL: 'loud' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/PORT="eighty" wants a number/);
    expect(read).toThrow(/REPLAY_MS="-1" wants at least 0/);
    expect(read).toThrow(/LOG_LEVEL="loud"/);
  });

  test('the demo is refused on an address that others can reach', () => {
    expect(() => readConfig({ DEMO: '1', HOST: '0.0.0.0' })).toThrow(/demo passwords are public/);
    expect(readConfig({ DEMO: '1', HOST: '127.0.0.1' }).DEMO).toBe(true);
  });

  test('a secret is never repeated in a fault', () => {
    expect(() => readConfig({ KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 'hunter2' })).toThrow(
      /wants KAFKA_SASL_USERNAME/,
    );
    try {
      readConfig({ KAFKA_SASL_MECHANISM: 'kerberos', KAFKA_SASL_PASSWORD: 'hunter2' });
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
    expect.assertions(2);
  });

  test('every setting has a unit and a meaning that ends as a sentence', () => {
    for (const [name, { unit, meaning }] of Object.entries(SETTINGS)) {
      expect(unit, name).not.toBe('');
      expect(meaning, name).toMatch(/\.$/);
    }
  });
});
