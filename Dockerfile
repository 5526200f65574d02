# syntax=docker/dockerfile:1
# docker build --build-arg EDITION=Embedded -t aiorleans .      one process, SQLite (default)
# docker build --build-arg EDITION=Cluster  -t aiorleans .      a silo of a cluster, PostgreSQL

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG EDITION=Embedded
WORKDIR /source
COPY . .
RUN dotnet publish src/AIOrleans.Host -c Release -p:Edition=$EDITION -p:UseAppHost=false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# libsqlite3-0: the Embedded edition binds to the library of the system. tzdata: calendars of tenants. curl: the health check.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 tzdata curl \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o app -g app -m 700 /data
COPY --from=build /app /app
WORKDIR /app
ENV AIORLEANS_DATA=/data \
    ASPNETCORE_URLS=http://0.0.0.0:8080
# 8080: applications and management. 11111: silos among themselves, Cluster edition only.
EXPOSE 8080 11111
VOLUME /data
USER app
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD curl -fsS http://127.0.0.1:8080/health/ready || exit 1
ENTRYPOINT ["dotnet", "AIOrleans.Host.dll"]
