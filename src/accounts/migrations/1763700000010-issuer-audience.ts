import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class IssuerAudience1763700000010 implements MigrationInterface {
  name = 'IssuerAudience1763700000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenant ADD COLUMN audience text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE tenant DROP COLUMN audience');
  }
}
