import base from '../vitest.config.ts';

// What is too long for every run: `x.full.test.ts`, beside all the rest.
const projects = base.test.projects;
const integration = projects.find((project) => project.test.name === 'integration');

export default {
  ...base,
  test: {
    ...base.test,
    projects: [
      ...projects,
      {
        ...integration,
        test: {
          ...integration.test,
          name: 'full',
          include: ['{packages,apps,testing,launch}/**/*.full.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
};
