# One image for each service:
#   docker build --build-arg PROJECT=Artesanos.Orders --tag artesanos/orders .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# All of them in one step, since most of what is compiled they share; the next image finds it done.
# Compiled ahead for this machine's processor: a start takes a quarter less of it. The link gives
# every image the same entry point. One build at a time uses the packages: NuGet's own lock does not
# reach into another container.
RUN --mount=type=cache,target=/root/.nuget/packages,sharing=locked \
    for project in Artesanos.Gateway Artesanos.Inventory Artesanos.Orders Artesanos.Payments \
        dev/Artesanos.StripeSimulator; do \
        dotnet publish $project --output /app/$project --use-current-runtime \
            --self-contained false -p:PublishReadyToRun=true \
        && ln -s $(basename $project) /app/$project/service || exit 1; \
    done

FROM mcr.microsoft.com/dotnet/aspnet:10.0
ARG PROJECT
WORKDIR /app
COPY --from=build /app/$PROJECT .
USER $APP_UID
EXPOSE 8080
# The image has no curl, but its shell can ask over TCP. A second dotnet every three seconds would
# cost more than what it watches.
HEALTHCHECK --interval=3s --timeout=3s --start-period=60s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health HTTP/1.0\\r\\n\\r\\n' >&3 \
    && read -r _ status _ <&3 && [ $status = 200 ]"]
ENTRYPOINT ["/app/service"]
