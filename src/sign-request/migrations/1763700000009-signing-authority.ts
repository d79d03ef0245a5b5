import { type MigrationInterface, type QueryRunner } from 'typeorm';

export class SigningAuthority1763700000009 implements MigrationInterface {
  name = 'SigningAuthority1763700000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE signing_authority (
        single boolean PRIMARY KEY DEFAULT true,
        certificate text NOT NULL,
        private_key_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT signing_authority_single CHECK (single)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_authority');
  }
}
