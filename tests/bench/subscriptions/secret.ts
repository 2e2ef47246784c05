export const BENCH_SECRET = 'a-secret-for-the-bench-of-32-characters-and-more';
