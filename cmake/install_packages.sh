#!/usr/bin/env bash
# install_packages.sh GROUP...: installs what packages.txt lists for the groups and the machine
# lacks. Calls apt only when something is missing, asks nothing and starts no service.
# The work needs root; a normal user gets it through sudo.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

have_commands()  # a,b: all of these are there
{
    local name
    for name in ${1//,/ }; do
        command -v "$name" >/dev/null || return 1
    done
}

wanted()  # GROUP...: the names listed for them
{
    local group package unless commands
    while read -r group package unless commands; do
        [[ " $* " == *" $group "* ]] || continue
        if [[ $unless == unless ]] && have_commands "$commands"; then continue; fi
        echo "$package"
    done <"$here/packages.txt"
}

missing()  # GROUP...
{
    local package
    for package in $(wanted "$@" | sort -u); do
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
            echo "$package"
        fi
    done
}

# Tests start their own PostgreSQL and Redis: an installation must leave none running.
install_quietly()  # PACKAGE...
{
    local policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.conf
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        trap "rm -f $policy" EXIT
    fi
    if [[ ! -e $cluster ]]; then
        mkdir -p "${cluster%/*}"
        echo 'create_main_cluster = false' >"$cluster"
    fi

    export DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1
    local apt=(apt-get -q -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0
               -o Dpkg::Options::=--force-confold)
    "${apt[@]}" update
    "${apt[@]}" install -y --no-install-recommends "$@" </dev/null
}

if [[ ${1:-} == --as-root ]]; then
    shift
    install_quietly "$@"
    exit
fi

mapfile -t packages < <(missing "$@")
if ((${#packages[@]} == 0)); then exit 0; fi
if ! command -v apt-get >/dev/null; then
    echo "missing, and no apt-get to install them: ${packages[*]}" >&2
    exit 1
fi
echo "installing: ${packages[*]}"
if ((EUID == 0)); then
    exec bash "$here/install_packages.sh" --as-root "${packages[@]}"
elif command -v sudo >/dev/null; then
    exec sudo bash "$here/install_packages.sh" --as-root "${packages[@]}"
else
    echo "not root and no sudo; as root run: apt-get install ${packages[*]}" >&2
    exit 1
fi
