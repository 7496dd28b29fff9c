#!/bin/sh
# static_libraries.sh ARCH: prepares a throw-away Debian 12, as root, for static builds of aconite
# for ARCH (amd64 or arm64), with all packages that needs. Those libraries of which Debian has no
# static one are built from Debian's own source packages, into /opt/static, and
# /opt/static/toolchain.cmake is there for cmake --toolchain.
set -eu

arch=$1
own=$(dpkg --print-architecture)
here=$(cd "$(dirname "$0")" && pwd)
static=/opt/static

compiler=g++
mkdir -p $static
echo "set(CMAKE_PREFIX_PATH $static)" >$static/toolchain.cmake
if [ "$arch" != "$own" ]; then
    case $arch in
    arm64) compiler='g++ g++-aarch64-linux-gnu' ;;
    *) echo "static_libraries.sh: no cross compiler for '$arch' on $own, only for arm64" >&2; exit 1 ;;
    esac
    dpkg --add-architecture "$arch"
    echo "include($here/toolchains/$arch.cmake)" >>$static/toolchain.cmake
fi

# Sources too, from wherever the packages come; of both forms that such a file has.
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    if [ -f "$list" ]; then
        sed -i -E -e 's/^Types: deb$/Types: deb deb-src/' -e 's/^deb (.*)$/&\ndeb-src \1/' "$list"
    fi
done
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q install -y --no-install-recommends $compiler cmake ninja-build dpkg-dev \
    libboost1.81-dev nlohmann-json3-dev libcli11-dev "libyaml-cpp-dev:$arch" "zlib1g-dev:$arch" \
    "libssl-dev:$arch" "libre2-dev:$arch"

build=$(mktemp -d)
cd "$build"
apt-get -q source fmtlib prometheus-cpp
for source in fmtlib-*/ prometheus-cpp-*/; do
    cmake --toolchain $static/toolchain.cmake -S "$source" -B "$source/build" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=$static -DBUILD_SHARED_LIBS=OFF \
        -DFMT_TEST=OFF -DFMT_DOC=OFF \
        -DENABLE_TESTING=OFF -DENABLE_PULL=OFF -DENABLE_PUSH=OFF --no-warn-unused-cli
    cmake --build "$source/build" --target install
done
rm -rf "$build"
