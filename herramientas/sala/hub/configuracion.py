"""La configuración de JupyterHub con que se ensaya; la lee `jupyterhub`, no Python.

Cada estudiante entra por el proxy y tiene su propio servidor y su propia carpeta. Lo
que en un hub de verdad cambia es quién deja entrar y dónde corre cada servidor: eso
está en `tljh.sh` y en `valores.yaml`. Lo que va aquí y allá es lo mismo: una copia del
curso de solo lectura, los cuadernos copiados al entrar y un hilo por persona.
"""

import json
import os
import sys

RAIZ = os.environ["ENSAYO_RAIZ"]
sys.path.insert(0, RAIZ)

from herramientas.copia import copiar  # noqa: E402

ajustes = json.loads(os.environ["ENSAYO_AJUSTES"])
c = get_config()  # noqa: F821  lo pone JupyterHub

c.JupyterHub.bind_url = ajustes["publica"]
c.JupyterHub.hub_bind_url = ajustes["interna"]
c.JupyterHub.db_url = "sqlite:///" + os.path.join(ajustes["carpeta"], "hub.sqlite")
c.JupyterHub.cookie_secret_file = os.path.join(ajustes["carpeta"], "secreto")
c.ConfigurableHTTPProxy.api_url = ajustes["proxy_api"]
c.ConfigurableHTTPProxy.command = ajustes["proxy"]
c.ConfigurableHTTPProxy.pid_file = os.path.join(ajustes["carpeta"], "proxy.pid")

# Solo atiende a este equipo y la clave se inventa en cada ensayo.
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = ajustes["clave"]
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = os.path.join(
    ajustes["carpeta"], "casas", "{username}"
)
c.Spawner.cmd = [sys.executable, "-m", "jupyterhub.singleuser"]
c.Spawner.args = ["--allow-root"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
c.Spawner.environment = ajustes["variables"]
c.Spawner.start_timeout = c.Spawner.http_timeout = ajustes["espera_s"]


def copiar_cuadernos(servidor):
    """Deja en la carpeta de quien entra su copia de los cuadernos."""
    casa = c.SimpleLocalProcessSpawner.home_dir_template.format(
        username=servidor.user.name
    )
    copiar(os.path.join(RAIZ, "notebooks"), casa, True)


c.Spawner.pre_spawn_hook = copiar_cuadernos
