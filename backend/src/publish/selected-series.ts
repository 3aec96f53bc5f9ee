// Which series of a topic one selection takes. Asked for every series of every tick, so the answer is kept a series.
import { isSelected, type Selection } from '@tidewatch/schemas/scope';
import type { SeriesDef } from '@tidewatch/schemas/series';
import type { Series } from '../metrics/series.ts';
import type { TopicState } from '../metrics/topic-state.ts';

export interface SelectedSeries {
  /** True for a series that the selection takes. */
  has(id: number): boolean;
  /** Whether it took a series that has retired since. */
  hadTaken(def: SeriesDef | undefined): boolean;
  /** Living series of the selection, by ascending id. */
  all(): Series[];
}

export function createSelectedSeries(topic: TopicState, selection: Selection): SelectedSeries {
  const isAll = selection.scope === 'all' && selection.metrics === null;
  /** Labels and metric of an id never change, so neither does the answer. */
  const answers: boolean[] = [];
  const has = (id: number): boolean => {
    const known = answers[id];
    if (known !== undefined) return known;
    const def = topic.seriesById[id]?.def;
    if (def === undefined) return false;
    const answer = isSelected(selection, def.metric, def.labels);
    answers[id] = answer;
    return answer;
  };
  return {
    hadTaken: (def) => def !== undefined && (isAll || isSelected(selection, def.metric, def.labels)),
    has: isAll ? () => true : has,
    all: () => topic.seriesById.filter((series): series is Series => series !== null && (isAll || has(series.def.id))),
  };
}
