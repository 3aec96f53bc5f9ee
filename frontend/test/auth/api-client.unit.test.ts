import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createApi } from '#lib/auth/api-client.ts';

const Answer = z.object({ n: z.number() });
const answering = (status: number, body: unknown) =>
  vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }));

describe('the client of the HTTP edge', () => {
  it('parses an answer by its schema', async () => {
    const api = createApi({ fetch: answering(200, { n: 3 }) });
    expect(await api.read(Answer, '/api/x')).toEqual({ isOk: true, data: { n: 3 } });
  });

  it('takes an answer of another build for a fault, not for data', async () => {
    const answer = await createApi({ fetch: answering(200, { m: 3 }) }).read(Answer, '/api/x');
    expect(answer).toMatchObject({ isOk: false, fault: { code: 'not_understood' } });
  });

  it('carries the write header on every write and on no read', async () => {
    const fetch = answering(200, { n: 1 });
    const api = createApi({ fetch });
    await api.read(Answer, '/api/x', { q: 'a b', none: undefined });
    await api.write(Answer, 'DELETE', '/api/x');
    const [read, write] = fetch.mock.calls.map(([path, init]) => ({ path, headers: new Headers(init?.headers) }));
    expect(read?.path).toBe('/api/x?q=a+b');
    expect(read?.headers.has('x-tidewatch')).toBe(false);
    expect(write?.headers.has('x-tidewatch')).toBe(true);
  });

  it('says the field at fault, and who is signed out hears it', async () => {
    const onSignedOut = vi.fn();
    const fault = { code: 'signed_out', message: 'Sign in.', field: 'name' };
    const answer = await createApi({ fetch: answering(401, { error: fault }), onSignedOut }).read(Answer, '/api/x');
    expect(answer).toEqual({ isOk: false, fault });
    expect(onSignedOut).toHaveBeenCalledOnce();
  });

  it('is a fault and no exception where nothing answers', async () => {
    const api = createApi({ fetch: async () => Promise.reject(new TypeError('refused')) });
    expect(await api.read(Answer, '/api/x')).toMatchObject({ isOk: false, fault: { code: 'unreachable' } });
  });
});
