import { routesOf } from '../support/routes';
import { openHouse } from '../support/test-app';

it('every route declares who may call it', async () => {
  const house = await openHouse({ sandbox: true });
  const routes = routesOf(house.nodes[0]!.app);
  await house.close();
  expect(routes.length).toBeGreaterThan(20);
  expect(routes.filter(({ rule }) => rule === undefined).map(({ handler }) => handler)).toEqual([]);
});
