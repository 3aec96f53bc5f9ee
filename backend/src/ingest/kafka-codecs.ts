/// <reference path="./kafkajs-snappy.d.ts" />
// The compressions that Kafka knows beside gzip, which kafkajs has built in. All of them in both directions.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';
import snappy from 'kafkajs-snappy';
import { compressFrameSync, decompressFrameSync } from 'lz4-napi';

const { CompressionCodecs, CompressionTypes } = kafkajs;

/** What kafkajs hands to a codec on the way out. */
interface Encoder {
  readonly buffer: Buffer;
}

/** Registers them with kafkajs, which keeps one list for the whole process. Safe to call twice. */
export function registerKafkaCodecs(): void {
  CompressionCodecs[CompressionTypes.Snappy] = snappy;
  CompressionCodecs[CompressionTypes.LZ4] = () => ({
    compress: async ({ buffer }: Encoder) => compressFrameSync(buffer),
    decompress: async (buffer: Buffer) => decompressFrameSync(buffer),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: Encoder) => zstdCompressSync(buffer),
    decompress: async (buffer: Buffer) => zstdDecompressSync(buffer),
  });
}
