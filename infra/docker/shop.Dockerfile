# The simulated shop, emitting to Kafka. Built from the root of the repository.
FROM node:26-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY schemas/package.json schemas/
COPY backend/package.json backend/
COPY frontend/package.json frontend/
RUN npm ci --omit=dev
COPY schemas schemas
COPY infra/simulate infra/simulate
USER node
CMD ["node", "--disable-warning=TimeoutNegativeWarning", "infra/simulate/kafka-emitter.ts"]
