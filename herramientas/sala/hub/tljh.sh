#!/bin/sh
# Pone el curso en The Littlest JupyterHub, ya instalado en un servidor con Ubuntu.
#
#     sudo sh herramientas/sala/hub/tljh.sh          desde una copia del curso
#
# Deja una copia del curso y un entorno para todos, de solo lectura; a cada quien, sus
# cuadernos al entrar, un tope de memoria y de núcleos, y cierra lo que nadie usa. Si
# algo falla se detiene y lo dice; repetirlo no estorba.
# «Sin probar» en un servidor hasta que alguien cuente cómo le fue.
set -eu

MEMORIA=${MEMORIA:-4G}
NUCLEOS=${NUCLEOS:-2}
CURSO=/srv/curso
TLJH=/opt/tljh
origen=$(cd "$(dirname "$0")/../../.." && pwd)

parar() {
    echo "$1" >&2
    exit 1
}
[ "$(id -u)" = 0 ] || parar "Hace falta ser root: repite con sudo."
[ -x "$TLJH/hub/bin/tljh-config" ] ||
    parar "No encuentro The Littlest JupyterHub en $TLJH: instálalo primero."
[ -f "$origen/pyproject.toml" ] || parar "Falta el curso: copia el repositorio entero."

echo "Copio el curso en $CURSO…"
mkdir -p "$CURSO"
(cd "$origen" && git ls-files -z | xargs -0 cp --parents -t "$CURSO")
chmod -R a+rX,go-w "$CURSO"

echo "Instalo las bibliotecas para todos; tarda unos minutos…"
pip="$TLJH/user/bin/python -m pip install --disable-pip-version-check"
cd "$CURSO"
if ! command -v nvidia-smi >/dev/null 2>&1; then # sin tarjeta, el PyTorch de CPU
    indice=$("$TLJH/user/bin/python" -c \
        'from herramientas.entorno import INDICE_CPU; print(INDICE_CPU)')
    $pip -c requisitos.lock --no-deps --index-url "$indice" torch
fi
$pip -c requisitos.lock -e ".[lab]"

echo "Ajusto el hub…"
cat >"$TLJH/config/jupyterhub_config.d/curso.py" <<'FIN'
"""El curso en este hub: lo escribe herramientas/sala/hub/tljh.sh."""

import os
import pwd
import subprocess

c.Spawner.environment.update(
    {"TALLER_PERFIL": "semilla", "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
)
c.Spawner.default_url = "/lab/tree/cuadernos"

COPIAR = (
    "import os, sys; sys.path.insert(0, '/srv/curso'); "
    "from herramientas.copia import copiar; "
    "copiar('/srv/curso/notebooks', os.path.expanduser('~/cuadernos'), True)"
)


def traer_cuadernos(servidor):
    """Al entrar, cada quien recibe los cuadernos que le falten o sean nuevos."""
    from tljh import user
    from tljh.normalize import generate_system_username

    nombre = generate_system_username("jupyter-" + servidor.user.name)
    user.ensure_user(nombre)
    casa = pwd.getpwnam(nombre).pw_dir
    orden = ["/opt/tljh/user/bin/python", "-c", COPIAR]
    subprocess.run(
        ["runuser", "-u", nombre, "--", "env", "HOME=" + casa, *orden], cwd=casa
    )


c.Spawner.pre_spawn_hook = traer_cuadernos
FIN
config="$TLJH/hub/bin/tljh-config"
"$config" set limits.memory "$MEMORIA"
"$config" set limits.cpu "$NUCLEOS"
"$config" set services.cull.timeout 3600
"$config" set services.cull.every 300
"$config" set services.cull.max_age 28800
"$config" set user_environment.default_app jupyterlab
"$config" reload
echo "Listo. Añade personas con: sudo tljh-config add-item users.allowed NOMBRE"
echo "Al final, «sudo tljh-config reload»: sin recargar no pueden entrar."
