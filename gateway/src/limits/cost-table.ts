import { Kind, parse, valueFromASTUntyped, type DirectiveNode, type DocumentNode } from 'graphql';

/** What the schema's authors said of costs, by `@cost` and `@listSize`. */
export interface CostTable {
  /** `@cost(weight:)` of a type by its name, of a field as `Type.field`, of an argument as `Type.field(argument:)`. */
  weights: ReadonlyMap<string, number>;
  /** `@listSize` of a field as `Type.field`. */
  listSizes: ReadonlyMap<string, ListSize>;
}

export interface ListSize {
  /** When no slicing argument says better. */
  assumedSize: number | null;
  /** Arguments that say how many entries there are at most; `input.first` for one inside an input object. */
  slicingArguments: readonly string[];
  /** The lists that the sizes are about, when they lie in the object that the field returns, as in a connection. */
  sizedFields: readonly string[];
}

/** Reads both directives from a supergraph, where composition has put them under their own names, or with the feature's name before. */
export function costTable(supergraphSdl: string): CostTable {
  const document: DocumentNode = parse(supergraphSdl, { noLocation: true });
  const weights = new Map<string, number>();
  const listSizes = new Map<string, ListSize>();
  for (const type of document.definitions) {
    if (!('directives' in type) || !('name' in type) || !type.name || type.kind === Kind.DIRECTIVE_DEFINITION) continue;
    takeWeight(type.name.value, type.directives);
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const field of type.fields ?? []) {
      const coordinate = `${type.name.value}.${field.name.value}`;
      takeWeight(coordinate, field.directives);
      const size = argumentsOf(['listSize', 'cost__listSize'], field.directives);
      if (size) listSizes.set(coordinate, listSizeOf(size));
      for (const argument of field.arguments ?? []) takeWeight(`${coordinate}(${argument.name.value}:)`, argument.directives);
    }
  }
  return { weights, listSizes };

  function takeWeight(coordinate: string, directives: readonly DirectiveNode[] | undefined): void {
    const weight = argumentsOf(['cost'], directives)?.['weight'];
    // Older texts of the directive have the weight as a string.
    if (weight !== undefined) weights.set(coordinate, Number(weight));
  }
}

function argumentsOf(names: readonly string[], directives: readonly DirectiveNode[] = []): Record<string, unknown> | null {
  const directive = directives.find((each) => names.includes(each.name.value));
  return directive
    ? Object.fromEntries((directive.arguments ?? []).map((each) => [each.name.value, valueFromASTUntyped(each.value)]))
    : null;
}

function listSizeOf({ assumedSize, slicingArguments, sizedFields }: Record<string, unknown>): ListSize {
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : null,
    slicingArguments: stringsOf(slicingArguments),
    sizedFields: stringsOf(sizedFields),
  };
}

function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}
