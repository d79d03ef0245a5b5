import { committed } from '../support/hold-to-documents';

/** Apart from the other tests of the documents: compiling every schema keeps a server's process busy. */
it('the documents show no example that its own schema refuses', () => {
  expect(committed().faultsInExamples()).toEqual([]);
});
