// The series that two scopes both let through, canonical like either of them.
import { type LabelFilter, type Scope, unionScopes } from '@tidewatch/schemas/scope';

export function intersectScopes(a: Scope, b: Scope): Scope {
  if (a === 'all') return b;
  if (b === 'all') return a;
  const both: LabelFilter[] = [];
  for (const left of a) {
    for (const right of b) {
      const isContradiction = Object.entries(left).some(([name, value]) => (right[name] ?? value) !== value);
      if (!isContradiction) both.push({ ...left, ...right });
    }
  }
  return unionScopes([both]);
}
