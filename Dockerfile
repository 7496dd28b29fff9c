# aconite as an image that stands in for ghcr.io/shopify/toxiproxy: docker build -t aconite .
# How to use it, and for arm64: docs/container.md.

FROM --platform=${BUILDPLATFORM:-linux} debian:bookworm-slim AS build
# The processor that it is for, as buildx sets it; without buildx the machine's own.
ARG TARGETARCH

WORKDIR /aconite
COPY cmake/static_libraries.sh cmake/
COPY cmake/toolchains cmake/toolchains
RUN cmake/static_libraries.sh ${TARGETARCH:-$(dpkg --print-architecture)}

COPY . .
# No warnings (-w): g++ 12 has some that are wrong, and they are errors.
RUN cmake --toolchain /opt/static/toolchain.cmake -S . -B build -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS=-w -DCMAKE_EXE_LINKER_FLAGS=-s \
        -DACONITE_STATIC=ON -DACONITE_BUILD_TESTS=OFF -DACONITE_INSTALL=OFF \
        -DCMAKE_UNITY_BUILD=ON && \
    cmake --build build --target aconite_bin
RUN mkdir /image && cd /image && cp /aconite/build/bin/aconite . && \
    ln -s aconite toxiproxy && ln -s aconite toxiproxy-cli

FROM scratch
LABEL org.opencontainers.image.title="aconite" \
      org.opencontainers.image.description="Fault-injecting TCP proxy, compatible with Toxiproxy 2.x" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
COPY --from=build /image /
USER 65534:65534
ENV LOG_LEVEL=info
EXPOSE 8474
HEALTHCHECK --interval=2s --timeout=3s --start-period=10s CMD ["/aconite", "health"]
ENTRYPOINT ["/toxiproxy"]
CMD ["-host=0.0.0.0"]
