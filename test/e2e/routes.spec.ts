import { routesOf } from '../support/routes';
import { openApplication } from '../support/test-app';

it('every route declares who may call it', async () => {
  const application = await openApplication({ sandbox: true });
  const routes = routesOf(application.nodes[0]!.app);
  await application.close();
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter(({ rule }) => rule === undefined).map(({ handler }) => handler)).toEqual([]);
});
