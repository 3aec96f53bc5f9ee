import { describe, expect, it } from 'vitest';
import { changedLines, onText, whatText } from '#lib/admin/audit-words.ts';
import { readLabels } from '#lib/admin/label-filter.ts';
import { recordLines } from '#lib/admin/record-lines.ts';
import { counted, listed, patternText } from '#lib/admin/rule-words.ts';
import { agoText, lasts, momentText, untilText } from '#lib/admin/until-words.ts';

const NOW = Date.UTC(2026, 10, 23, 12, 5);
const HOUR = 3_600_000;

describe('ends in words', () => {
  it('says close ends as what is left and far ones as a day', () => {
    expect(untilText(NOW + 7 * HOUR + 46 * 60_000, NOW, 'UTC')).toBe('7 h 46 m');
    expect(untilText(Date.UTC(2026, 10, 27, 8), NOW, 'UTC')).toBe('27 Nov 08:00');
    expect(untilText(null, NOW, 'UTC')).toBe('no end');
  });

  it('never shows an end that has passed as one to come', () => {
    expect(untilText(NOW, NOW, 'UTC')).toBe('ended 0 s ago');
    expect(untilText(NOW - 48 * HOUR, NOW, 'UTC')).toBe('ended 2 d ago');
  });

  it('names today, and the year where it is another', () => {
    expect(momentText(Date.UTC(2026, 10, 23, 20, 5), NOW, 'UTC')).toBe('today 20:05');
    expect(momentText(Date.UTC(2028, 1, 21), NOW, 'UTC')).toBe('21 Feb 2028');
  });

  it('tells never from just now', () => {
    expect(agoText(null, NOW)).toBe('never');
    expect(agoText(NOW - 1_000, NOW)).toBe('just now');
    expect(lasts(-5)).toBe('0 s');
  });
});

describe('rules in words', () => {
  it('says what a pattern stands for, now and later', () => {
    expect(patternText('payments.eu.**')).toBe('everything below payments.eu, now and later');
    expect(patternText('**')).toBe('every topic, now and later');
    expect(patternText('shop.cart')).toBe('this topic and no other');
  });

  it('counts and lists as people do', () => {
    expect(counted(1, 'topic')).toBe('1 topic');
    expect(counted(2, 'person', 'people')).toBe('2 people');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed([])).toBe('');
  });
});

describe('label filters as they are typed', () => {
  it('reads pairs, and nothing as every series', () => {
    expect(readLabels(' region=eu, tier=1 ')).toEqual({ isOk: true, labels: { region: 'eu', tier: '1' } });
    expect(readLabels(' ')).toEqual({ isOk: true, labels: null });
  });

  it('refuses what is no pair instead of widening the grant to everything', () => {
    expect(readLabels('region')).toMatchObject({ isOk: false });
    expect(readLabels('=eu')).toMatchObject({ isOk: false });
  });
});

describe('an audit record', () => {
  const row = {
    object: 'grants',
    action: 'update',
    objectId: null,
    before: { until: 1, by: 'a' },
    after: { until: 2, by: 'a' },
  };

  it('is said in words and by what it was done to', () => {
    expect(whatText(row)).toBe('grant.changed');
    expect(onText({ ...row, after: { pattern: 'shop.**' } })).toBe('shop.**');
  });

  it('shows what went before what came, and what stayed only when asked', () => {
    const full = {
      ...row,
      id: 1,
      at: 0,
      actorKind: 'person',
      actorId: null,
      actor: 'a',
      address: '',
      count: 1,
      note: '',
    };
    expect(changedLines(full, false).map((line) => line.sign + line.text)).toEqual(['-until: 1', '+until: 2']);
    expect(changedLines(full, true).map((line) => line.sign)).toEqual(['-', '+', ' ']);
  });
});

describe('a rejected record', () => {
  it('marks the line of the failing field', () => {
    const lines = recordLines('{"metric":"carts","value":"NaN"}', 'value');
    expect(lines.filter((line) => line.isAtFault).map((line) => line.text.trim())).toEqual(['"value": "NaN"']);
  });

  it('marks the field of the sample at fault in a batch, not of one before it', () => {
    const text = JSON.stringify({ samples: [{ value: 41 }, { value: [42] }] });
    const lines = recordLines(text, 'value', 1);
    expect(lines.findIndex((line) => line.isAtFault)).toBe(
      lines.findLastIndex((line) => line.text.includes('"value"')),
    );
  });

  it('shows what is no JSON as it came, with nothing marked', () => {
    expect(recordLines('latency 0.12', 'record')).toEqual([{ text: 'latency 0.12', isAtFault: false }]);
  });
});
