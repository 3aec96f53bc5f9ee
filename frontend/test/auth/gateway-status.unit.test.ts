import { describe, expect, it } from 'vitest';
import { statusWords } from '#lib/auth/gateway-status.svelte.ts';

const part = (isReady: boolean, state: string) => ({ isReady, state });

describe('what the sign-in page says of the gateway', () => {
  it('never calls it up before it has answered', () => {
    expect(statusWords(null).shape).toBe('connecting');
    expect(statusWords('silent')).toEqual({ shape: 'critical', text: 'The gateway does not answer' });
  });

  it('says that nobody can sign in while the database is away, before anything else', () => {
    const words = statusWords({
      isReady: false,
      parts: { database: part(false, 'away'), source: part(false, 'unreachable') },
    });
    expect(words.text).toContain('nobody can sign in');
  });

  it('tells Kafka out of reach from late and from starting', () => {
    const texts = ['unreachable', 'behind', 'replaying', 'live'].map(
      (state) =>
        statusWords({
          isReady: state === 'live',
          parts: { database: part(true, 'ready'), source: part(state === 'live', state) },
        }).text,
    );
    expect(new Set(texts).size).toBe(4);
    expect(texts[3]).toContain('up to date');
  });
});
