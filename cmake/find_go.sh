#!/usr/bin/env bash
# find_go.sh DIR: prints the folder of a `go` of at least 1.23, as the Go tests need. An older
# one (Debian 12 has 1.19) fetches a newer toolchain, as an ordinary module, into DIR once.
set -euo pipefail

target=$1
oldest_minor=23
module=golang.org/toolchain@v0.0.1-go1.23.12

minor=$(GOTOOLCHAIN=local go env GOVERSION | sed -nE 's/^go1\.([0-9]+).*/\1/p')
if ((${minor:-0} >= oldest_minor)); then
    dirname "$(command -v go)"
    exit 0
fi

if [[ ! -x $target/bin/go ]]; then
    echo "go 1.$minor is too old: fetching $module" >&2
    rm -rf "$target" "$target.new"
    mkdir -p "$target.new"
    cd "$target.new"
    unpacked=$(GOPATH="$target.new/path" GOFLAGS=-modcacherw go mod download -json \
        "$module.$(go env GOOS)-$(go env GOARCH)" | sed -nE 's/^\s*"Dir": "(.*)",?$/\1/p')
    chmod -R u+w "$unpacked"
    chmod -R +x "$unpacked/bin" "$unpacked/pkg/tool"  # modules carry no mode bits
    mv "$unpacked" "$target"
    cd /
    chmod -R u+w "$target.new"
    rm -rf "$target.new"
fi
echo "$target/bin"
