const { PATH = '', NODE_COMPILE_CACHE } = process.env;

/**
 * All that a child process of a test has of our own environment: where programs are, and where Node keeps what it compiled
 * (a run of the tests starts the same sources hundreds of times).
 */
export const childEnvironment: Readonly<Record<string, string>> = {
  PATH,
  ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }),
};
