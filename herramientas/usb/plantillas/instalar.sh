#!/bin/sh
# Instala el curso sin red, en Linux y macOS:  sh instalar.sh
# Lo que escribas detrás pasa al instalador:   sh instalar.sh --destino /otra/carpeta
aqui=$(cd "$(dirname "$0")" && pwd) || exit 1
alguno=""
for python in python3.13 python3.12 python3.11 python3 python; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 6))' \
        >/dev/null 2>&1 || continue
    [ -n "$alguno" ] || alguno=$python
    if "$python" "$aqui/instalar.py" --sirve >/dev/null 2>&1; then
        exec "$python" "$aqui/instalar.py" "$@"
    fi
done
if [ -z "$alguno" ]; then
    echo "No encuentro Python: instala una de las versiones que dice LEEME.txt y repite." >&2
    exit 1
fi
# Ninguno sirve: que él diga por qué.
exec "$alguno" "$aqui/instalar.py" "$@"
