// Which topic and metric to look at stands in the address; this page only reads it.
import type { PageLoad } from './$types';

export const load: PageLoad = ({ url }) => ({
  topic: url.searchParams.get('topic'),
  metric: url.searchParams.get('metric'),
});
