/** Variables that lack a mention in a README or in .env.template, as sentences. */
export function checkEnv(root: string): string[];
