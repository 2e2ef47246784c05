# One image for every process of the shop; which one it is says the command (docker-compose.yml).
FROM node:24.21.0-bookworm-slim AS sources
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY platform/package.json platform/
COPY schema/events/package.json schema/events/
COPY schema/generated/package.json schema/generated/
COPY subgraphs/users/package.json subgraphs/users/
COPY subgraphs/catalog/package.json subgraphs/catalog/
COPY subgraphs/search/package.json subgraphs/search/
COPY subgraphs/cart/package.json subgraphs/cart/
COPY subgraphs/orders/package.json subgraphs/orders/
COPY subgraphs/payments/package.json subgraphs/payments/
COPY subgraphs/inventory/package.json subgraphs/inventory/
COPY subgraphs/notifications/package.json subgraphs/notifications/
COPY gateway/package.json gateway/
COPY standalone/package.json standalone/
COPY deploy/package.json deploy/
COPY tests/package.json tests/

FROM sources AS built
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npx tsc -b standalone deploy && find . -name '*.d.ts' -path '*/dist/*' -not -path './node_modules/*' -delete

FROM sources AS dependencies
# Everything but what the tests need, and no embedded PostgreSQL.
RUN npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund \
    --workspace=platform --workspace=schema/events --workspace=schema/generated --workspace=gateway --workspace=standalone --workspace=deploy \
    --workspace=subgraphs/users --workspace=subgraphs/catalog --workspace=subgraphs/search --workspace=subgraphs/cart \
    --workspace=subgraphs/orders --workspace=subgraphs/payments --workspace=subgraphs/inventory --workspace=subgraphs/notifications

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=true
WORKDIR /app
COPY --from=dependencies /app ./
COPY --from=built /app/platform/dist platform/dist
COPY --from=built /app/schema/events/dist schema/events/dist
COPY --from=built /app/schema/generated/dist schema/generated/dist
COPY --from=built /app/subgraphs subgraphs
COPY --from=built /app/gateway/dist gateway/dist
COPY --from=built /app/standalone standalone
COPY --from=built /app/deploy/dist deploy/dist
COPY schema/supergraph.graphql schema/
COPY schema/operations schema/operations
COPY schema/clients schema/clients
COPY schema/partners schema/partners
# Volumes are mounted here; a new one takes over who it belongs to.
RUN install -d -o node -g node /data
USER node
CMD ["node", "--enable-source-maps", "gateway/dist/main.js"]
