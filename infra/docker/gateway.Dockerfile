# The gateway with the built dashboard. Built from the root of the repository.
FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY schemas/package.json schemas/
COPY backend/package.json backend/
COPY frontend/package.json frontend/
RUN npm ci
COPY tsconfig.json ./
COPY schemas schemas
COPY backend backend
COPY frontend frontend
RUN cd frontend && npx vite build && cd .. && npm prune --omit=dev

FROM node:26-slim
WORKDIR /app
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/schemas schemas
COPY --from=build /app/backend backend
COPY --from=build /app/frontend/build frontend/build
COPY package.json ./
ENV STATIC_DIR=/app/frontend/build DATA_DIR=/data
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8080
CMD ["node", "--disable-warning=TimeoutNegativeWarning", "backend/src/main.ts"]
