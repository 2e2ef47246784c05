import { hash } from 'node:crypto';
import { Kind, visit, type DocumentNode } from 'graphql';

/** How labels of `@override(from:, label:)` are decided, for each request. */
export interface OverrideOptions<C> {
  /** Requests of one key are treated alike by `percent(...)` labels. */
  requestKey(context: C): string;
  /** Any other label. Off when left out. */
  isOn?(label: string, context: C): boolean;
}

/** The labels of a supergraph as one request has them. */
export interface Overrides {
  /** The same for the same values. */
  key: string;
  values: ReadonlyMap<string, boolean>;
}

/** Without options every label is off: fields stay with the subgraphs that they are moved away from. */
export function overridesFor<C>(supergraph: DocumentNode, options: OverrideOptions<C> | undefined): (context: C | null) => Overrides {
  const labels = overrideLabels(supergraph);
  const off: Overrides = { key: '', values: new Map(labels.map((label) => [label, false])) };
  if (labels.length === 0 || !options) return () => off;
  return (context) => {
    if (context === null) return off;
    const requestKey = options.requestKey(context);
    const values = labels.map((label): [string, boolean] => {
      const percent = percentOf(label);
      return [label, percent === null ? options.isOn?.(label, context) === true : positionOf(label, requestKey) < percent];
    });
    return { key: values.map(([, isOn]) => (isOn ? '1' : '0')).join(''), values: new Map(values) };
  };
}

function overrideLabels(supergraph: DocumentNode): string[] {
  const labels = new Set<string>();
  visit(supergraph, {
    Directive: ({ name, arguments: given }) => {
      if (name.value !== 'join__field') return;
      for (const { name: argument, value } of given ?? [])
        if (argument.value === 'overrideLabel' && value.kind === Kind.STRING) labels.add(value.value);
    },
  });
  return [...labels];
}

/** The share of requests that `percent(12.5)` names; null for any other label. */
function percentOf(label: string): number | null {
  const [, percent] = /^percent\((\d+(?:\.\d+)?)\)$/.exec(label) ?? [];
  return percent === undefined ? null : Number(percent);
}

/** Between 0 and 100, the same for the same request key. */
function positionOf(label: string, requestKey: string): number {
  return (Number.parseInt(hash('sha256', `${label}\n${requestKey}`).slice(0, 8), 16) / 2 ** 32) * 100;
}
