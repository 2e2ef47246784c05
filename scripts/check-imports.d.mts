/** An import that breaks a rule; `file` is relative to the root. */
export type Fault = { file: string; line: number; specifier: string; rule: string; why: string };
/** Every import in the tree at `root` that breaks a rule. */
export function checkImports(root: string): Fault[];
