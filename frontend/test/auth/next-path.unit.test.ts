import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeName, safeNext } from '#lib/auth/next-path.ts';

describe('where sign-in leads', () => {
  it('keeps a path of this site with its query', () => {
    expect(safeNext('/topics/shop.checkout?window=5m')).toBe('/topics/shop.checkout?window=5m');
  });

  it.each([
    null,
    '',
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '/sign-in?next=/',
  ])('leads home instead of to %j', (asked) => expect(safeNext(asked)).toBe('/'));

  it('never leaves this site, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `/${text}`),
        ),
        (asked) => {
          const next = new URL(safeNext(asked), 'https://here.example');
          return next.origin === 'https://here.example';
        },
      ),
    );
  });

  it('names the place in words', () => {
    expect(placeName('/')).toBe('Home');
    expect(placeName('/topics/shop.checkout?x=1')).toBe('shop.checkout');
    expect(placeName('/admin/grants')).toBe('Admin · Grants');
    expect(placeName('/topics/%zz')).toBe('%zz');
  });
});
