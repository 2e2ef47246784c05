/** Variables that lack a mention in a README or in .env.template, as sentences. */
export function checkEnv(root: string): string[];
/** The variables that one config file reads, those of the groups that it takes over included. */
export function variablesRead(root: string, file: string): string[];
