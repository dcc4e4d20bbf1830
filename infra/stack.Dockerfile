# The development stack in one image: ekm-sim supervises the AWS front, gateway and worker. Not a production image.
FROM node:22-bookworm AS build
WORKDIR /src
COPY . .
RUN npm ci && npx turbo run build

FROM node:22-bookworm-slim
WORKDIR /src
COPY --from=build /src /src
RUN mkdir /data && chown node:node /data
USER node
ENTRYPOINT ["node", "apps/simulator/dist/main.js"]
