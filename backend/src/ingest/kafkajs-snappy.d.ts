declare module 'kafkajs-snappy' {
  /** A codec factory for kafkajs. */
  const snappy: () => unknown;
  export default snappy;
}
