import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { Statements } from './statements';

@Module({})
export class DatabaseModule {
  /** @param dataSource open and migrated; it is closed with the application */
  static register(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => dataSource.options,
          dataSourceFactory: () => Promise.resolve(dataSource),
        }),
      ],
      providers: [
        { provide: Statements, useFactory: (source: DataSource) => new Statements(source), inject: [DataSource] },
      ],
      exports: [TypeOrmModule, Statements],
    };
  }
}
