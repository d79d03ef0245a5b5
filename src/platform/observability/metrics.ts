import { Controller, Get, Global, Injectable, Module, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { type Response } from 'express';
import { type Pool } from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import { Public } from '../auth/authenticate';
import { poolOf } from '../database/pool';

/** What this node counts, for Prometheus. The registry is this application's own, not the process's. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();

  private readonly requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Answered requests, by errorFormat, method, route pattern and status',
    labelNames: ['errorFormat', 'method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });

  private readonly transitions = new Counter({
    name: 'approval_moves_total',
    help: 'Transitions asked for, by the kind of approval, and what came of them',
    labelNames: ['approval', 'move', 'outcome'] as const,
    registers: [this.registry],
  });

  private readonly tries = new Counter({
    name: 'delivery_tries_total',
    help: 'Tries to deliver, by channel, and what came of them',
    labelNames: ['channel', 'outcome'] as const,
    registers: [this.registry],
  });

  private readonly loopRestarts = new Counter({
    name: 'background_loop_restarts_total',
    help: 'Loops that made no progress for 10 s and were started afresh',
    labelNames: ['loop'] as const,
    registers: [this.registry],
  });

  private readonly idleLoops = new Map<string, () => number>();

  constructor(dataSource: DataSource) {
    collectDefaultMetrics({ register: this.registry });
    this.watchPool(poolOf(dataSource));
    this.watchLoops();
  }

  countRequest(labels: { errorFormat: string; method: string; route: string; status: number }, seconds: number): void {
    this.requests.observe(labels, seconds);
  }

  /** @param outcome `moved`, `refused`, `not-found`, or the name of another transition that was made instead */
  countTransition(approval: string, transition: string, outcome: string): void {
    this.transitions.inc({ approval, move: transition, outcome });
  }

  /** @param outcome the delivery's end, or `postponed` where it is tried again */
  countTry(channel: string, outcome: string): void {
    this.tries.inc({ channel, outcome });
  }

  countLoopRestart(loop: string): void {
    this.loopRestarts.inc({ loop });
  }

  /** @param idleSeconds since the loop last got on */
  watchLoop(loop: string, idleSeconds: () => number): void {
    this.loopRestarts.inc({ loop }, 0);
    this.idleLoops.set(loop, idleSeconds);
  }

  /** In Prometheus' text format. */
  render(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private watchPool(pool: Pool): void {
    const connections = new Gauge({
      name: 'database_connections',
      help: 'Connections of this node, by what they do; waiting are those who wait for one',
      labelNames: ['state'] as const,
      registers: [this.registry],
      collect: () => {
        connections.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        connections.set({ state: 'idle' }, pool.idleCount);
        connections.set({ state: 'waiting' }, pool.waitingCount);
      },
    });
  }

  private watchLoops(): void {
    const idle = new Gauge({
      name: 'background_loop_idle_seconds',
      help: 'Time since a loop of this node last made progress',
      labelNames: ['loop'] as const,
      registers: [this.registry],
      collect: () => {
        for (const [loop, idleSeconds] of this.idleLoops) idle.set({ loop }, idleSeconds());
      },
    });
  }
}

@Controller('metrics')
@Public()
@ApiExcludeController()
class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  async show(@Res() response: Response): Promise<void> {
    response.type(this.metrics.contentType).send(await this.metrics.render());
  }
}

@Global()
@Module({ providers: [Metrics], exports: [Metrics] })
export class ObservabilityModule {}

/** `GET /metrics`. */
@Module({ controllers: [MetricsController] })
export class MetricsModule {}
