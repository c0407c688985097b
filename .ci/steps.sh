# shellcheck shell=bash
# Sourced by run. What the steps do that are more than one command.
# shellcheck disable=SC2154 # $logs and $FRESHET are given by run

# What tests need beyond the SDK: the other clients, shells, ip (network namespaces), prlimit, mount, strace (kills within a system call).
packages=(transmission-daemon transmission-cli python3-libtorrent aria2 qbittorrent-nox opentracker mktorrent rtorrent zsh fish unzip
    iproute2 miniupnpd-iptables iptables util-linux mount strace chromium nginx-light
    dante-server microsocks tinyproxy ffmpeg systemd)

# program_of PROJECT: what its build has made, to be run as it is.
program_of() {
    printf 'artifacts/bin/%s/release/%s' "$1" "$1"
}

install_packages() {
    local missing=()
    for package in "${packages[@]}"; do
        [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]} > 0)) || return 0
    # RUNLEVEL=1 keeps the packages from starting their services.
    timeout 300 apt-get update -q && RUNLEVEL=1 timeout 900 apt-get install -yq --no-install-recommends "${missing[@]}"
}

# The tracker that npm has, for the tests that announce to it. What it has of WebRTC would bring native code and is left out.
install_npm_tracker() {
    (cd tests/Freshet.Interop/npm && timeout 300 npm ci --ignore-scripts --omit=optional --no-audit --no-fund)
}

# The web page: its types, and that what is committed is byte for byte what the sources build. It is built beside the committed page, which
# the build of the daemon reads meanwhile.
check_page() {
    local built=$logs/page
    node --version || return
    (cd web && timeout 300 npm ci --no-audit --no-fund && timeout 300 npm run check &&
        timeout 300 npm run build -- --outDir "$built" --emptyOutDir) || return
    if ! diff -r "$built" web/dist || [[ -n $(git status --porcelain -- web/dist) ]]; then
        printf 'web/dist is not what the sources build; run "npm ci && npm run build" in web and commit it.\n'
        git status --short -- web/dist
        return 1
    fi
}

# One file, which runs without any .NET around it.
check_published() {
    local files
    files=$(find "$(dirname "$FRESHET")" -type f)
    if [[ $files != "$FRESHET" ]]; then
        printf 'expected only %s to be published, found:\n%s\n' "$FRESHET" "$files"
        return 1
    fi
    ls -l "$FRESHET" && timeout 30 env -i HOME="$logs" "$FRESHET" --version
}

pack_and_install_tool() {
    rm -rf artifacts/tool artifacts/package
    for project in Freshet.Core Freshet Freshet.Extensions.Hosting Freshet.Tracker Freshet.Api Freshet.Cli; do
        timeout 300 dotnet pack "src/$project" -c Release --no-build || return
        unzip -l "artifacts/package/release/$project".[0-9]*.nupkg README.md || return
    done
    timeout 120 dotnet tool install Freshet.Cli --tool-path artifacts/tool --add-source artifacts/package/release &&
        timeout 30 artifacts/tool/freshet --version
}

# The measurements, far too small to measure anything: they are to build and to run.
run_throughput() {
    timeout 500 artifacts/bin/Throughput/release/Freshet.Throughput leech seed swarm serve spread check create leech-rc4 seed-rc4 utp \
        --runs 1 --size 8 --seeds 10 --leechers 2 --only Freshet Libtorrent
}

run_micro_benchmarks() {
    timeout 450 artifacts/bin/Freshet.Benchmarks/release/Freshet.Benchmarks --filter '*' --job Dry --inProcess \
        --artifacts "$logs/benchmarks" >"$logs/benchmarks.log" 2>&1 &&
        # It ends with 0 whatever happens, also if it has found nothing to run.
        grep -E 'executed benchmarks: [1-9]' "$logs/benchmarks.log" && ! grep "Benchmarks with issues" "$logs/benchmarks.log" &&
        timeout 120 artifacts/bin/Freshet.Benchmarks/release/Freshet.Benchmarks restore 50 --rest 1 &&
        timeout 120 artifacts/bin/Freshet.Benchmarks/release/Freshet.Benchmarks curves "$logs/curves"
}
