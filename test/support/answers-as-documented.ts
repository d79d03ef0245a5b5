import { takeFaults } from './hold-to-documents';

const expectNoFaults = (): void => {
  expect(takeFaults()).toEqual([]);
};

afterEach(expectNoFaults);
afterAll(expectNoFaults);
