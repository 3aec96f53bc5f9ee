// Where somebody goes after signing in: a path of this site and nothing else, and its name in words.

/** The path asked for, or home where it is none of ours: another site, a protocol, the sign-in page itself. */
export function safeNext(asked: string | null): string {
  if (asked === null || !asked.startsWith('/')) return '/';
  const base = 'https://tidewatch.invalid';
  const url = URL.canParse(asked, base) ? new URL(asked, base) : null;
  if (url === null || url.origin !== base || url.pathname === '/sign-in') return '/';
  return url.pathname + url.search + url.hash;
}

const NAMES: Readonly<Record<string, string>> = {
  '': 'Home',
  admin: 'Admin',
  explore: 'Explore',
  me: 'Your account',
  requests: 'Requests',
  topics: 'Topics',
};

/** "/admin/grants?x=1" is "Admin · Grants", "/topics/shop.checkout" is "shop.checkout". */
export function placeName(path: string): string {
  const [, first = '', second] = (path.split(/[?#]/)[0] ?? '').split('/');
  if (first === 'topics' && second !== undefined && second !== '') return decoded(second);
  const name = NAMES[first] ?? 'the page you asked for';
  if (first !== 'admin' || second === undefined || second === '') return name;
  return `${name} · ${second.charAt(0).toUpperCase()}${second.slice(1)}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
