"""Un estudiante que entra por el proxy y ejecuta un cuaderno en su propio servidor.

Hace lo que su navegador: llena el formulario de entrada, pide su servidor, abre su
copia del cuaderno, ejecuta las celdas por el WebSocket de su núcleo y guarda.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import nbformat
import requests
import websocket

from herramientas.sala.hub.servidor import ESPERA, FallaDelHub

CELDA = 3600  # segundos que puede tardar una celda
PERMITIDO = "raises-exception"  # etiqueta de la celda que debe fallar


@dataclass
class Corrida:
    """Lo que le pasó a un estudiante con un cuaderno. Tiempos en segundos."""

    alumno: str
    servidor_s: float = 0.0
    segundos: float = 0.0
    celdas: int = 0
    fallas: list[str] = field(default_factory=list)
    ocioso_bytes: int = 0
    pico_bytes: int = 0
    cpu_s: float = 0.0

    def fila(self) -> dict:
        """Lo que se guarda, con los tiempos a la décima."""
        datos = asdict(self)
        tiempos = ("servidor_s", "segundos", "cpu_s")
        return datos | {t: round(datos[t], 1) for t in tiempos}


class Alumno:
    """Un estudiante de un hub.

    Argumentos: `direccion`, la pública del hub, «http://…»; `nombre` y `clave`, con los
    que entra. Sus métodos lanzan FallaDelHub con lo que pasó, en español.
    """

    def __init__(self, direccion: str, nombre: str, clave: str) -> None:
        self.direccion, self.nombre, self.clave = direccion, nombre, clave
        self.sesion = requests.Session()
        self.sesion.trust_env = False  # el hub está en este equipo: sin proxy ajeno
        # Node cierra a los 5 s una conexión callada; un navegador abre otra sin más.
        self.sesion.headers["Connection"] = "close"

    # --- Entrar -------------------------------------------------------------------

    def entrar(self) -> None:
        """Llena el formulario de entrada y pide un permiso para su propia cuenta."""
        puerta = f"{self.direccion}/hub/login"
        self.sesion.get(puerta, timeout=60)
        datos = {"username": self.nombre, "password": self.clave}
        datos["_xsrf"] = self._xsrf()
        self.sesion.post(puerta, data=datos, timeout=60, allow_redirects=False)
        casa = self.sesion.get(f"{self.direccion}/hub/home", timeout=60)
        if casa.status_code != 200 or "/hub/login" in casa.url:
            raise FallaDelHub(f"{self.nombre} no pudo entrar: ¿es otra la clave?")
        pedido = self.sesion.post(
            f"{self.direccion}/hub/api/users/{self.nombre}/tokens",
            headers={"X-XSRFToken": self._xsrf()},
            json={"note": "ensayo", "expires_in": 24 * 3600},
            timeout=60,
        )
        self._exigir(pedido, "su permiso")
        self.permiso = pedido.json()["token"]
        self.sesion.cookies.clear()
        self.sesion.headers["Authorization"] = f"token {self.permiso}"

    def _xsrf(self) -> str:
        for galleta in self.sesion.cookies:
            if galleta.name == "_xsrf" and galleta.path.startswith("/hub"):
                return galleta.value
        raise FallaDelHub(f"A {self.nombre} no le llegó el formulario de entrada.")

    def _exigir(self, respuesta: requests.Response, que: str) -> None:
        if not respuesta.ok:
            raise FallaDelHub(
                f"{self.nombre} pidió {que} y el hub respondió "
                f"{respuesta.status_code}: {respuesta.text[:200]}"
            )

    def pedir_servidor(self) -> float:
        """Pide su servidor y espera a que responda. Devuelve los segundos que tardó."""
        inicio = time.monotonic()
        ficha = f"{self.direccion}/hub/api/users/{self.nombre}"
        self._exigir(self.sesion.post(f"{ficha}/server", timeout=ESPERA), "su servidor")
        while time.monotonic() - inicio < ESPERA:
            visto = self.sesion.get(ficha, timeout=60)
            self._exigir(visto, "su ficha")
            servidor = visto.json()["servers"].get("", {})
            if servidor.get("ready"):
                self.casa = f"{self.direccion}/user/{self.nombre}"
                estado = self.sesion.get(f"{self.casa}/api/status", timeout=60)
                self._exigir(estado, "el estado de su servidor")
                return time.monotonic() - inicio
            if not servidor:
                break  # el hub lo retiró: no arrancó
            time.sleep(0.5)
        raise FallaDelHub(f"El servidor de {self.nombre} no arrancó.")

    # --- Trabajar -----------------------------------------------------------------

    def ejecutar(
        self, cuaderno: str, corrida: Corrida, al_avanzar: Callable[[int, int], None]
    ) -> None:
        """Abre su copia de un cuaderno, ejecuta todas sus celdas y la guarda.

        Argumentos: `cuaderno`, el nombre sin carpeta; `corrida`, donde anota celdas,
        fallas y segundos; `al_avanzar(hechas, todas)` se llama tras cada celda. Como
        «ejecutar todas», se detiene en la primera celda que falla.
        """
        ruta = f"{self.casa}/api/contents/{cuaderno}"
        leido = self.sesion.get(ruta, timeout=120)
        self._exigir(leido, cuaderno)
        hoja = nbformat.from_dict(leido.json()["content"])
        abierta = self.sesion.post(
            f"{self.casa}/api/sessions",
            json={
                "path": cuaderno,
                "name": cuaderno,
                "type": "notebook",
                "kernel": {"name": "python3"},
            },
            timeout=ESPERA,
        )
        self._exigir(abierta, "un núcleo")
        nucleo = abierta.json()["kernel"]["id"]
        celdas = [c for c in hoja.cells if c.cell_type == "code" and c.source.strip()]
        inicio = time.monotonic()
        canal = websocket.create_connection(
            f"{self.casa.replace('http', 'ws', 1)}/api/kernels/{nucleo}/channels"
            f"?session_id={uuid.uuid4().hex}",
            header=[f"Authorization: token {self.permiso}"],
            timeout=CELDA,
            http_no_proxy=["*"],
        )
        try:
            for numero, celda in enumerate(celdas, 1):
                falla = self._celda(canal, celda)
                if falla and PERMITIDO not in celda.metadata.get("tags", []):
                    corrida.fallas.append(f"celda {numero}: {falla}")
                    break
                corrida.celdas = numero
                al_avanzar(numero, len(celdas))
        finally:
            canal.close()
            corrida.segundos = time.monotonic() - inicio
        guardado = self.sesion.put(
            ruta, json={"type": "notebook", "content": hoja}, timeout=120
        )
        self._exigir(guardado, f"guardar {cuaderno}")

    def _celda(self, canal: websocket.WebSocket, celda: nbformat.NotebookNode) -> str:
        """Ejecuta una celda y le pone sus salidas. Devuelve el error, o vacío."""
        numero = uuid.uuid4().hex
        pedido = {
            "header": {
                "msg_id": numero,
                "msg_type": "execute_request",
                "username": self.nombre,
                "session": numero,
                "version": "5.3",
            },
            "parent_header": {},
            "metadata": {},
            "content": {
                "code": celda.source,
                "silent": False,
                "store_history": True,
                "allow_stdin": False,
                "stop_on_error": True,
                "user_expressions": {},
            },
            "channel": "shell",
            "buffers": [],
        }
        canal.send(json.dumps(pedido))
        celda.outputs, falla = [], ""
        limite = time.monotonic() + CELDA
        while time.monotonic() < limite:
            try:
                crudo = canal.recv()
            except websocket.WebSocketTimeoutException:
                break
            except (websocket.WebSocketException, OSError) as causa:
                return f"se cortó la conexión con el núcleo ({type(causa).__name__})"
            if isinstance(crudo, bytes) or not crudo:
                if not crudo:
                    return "el servidor cerró la conexión con el núcleo"
                continue  # datos de un control: no son una salida de la celda
            mensaje = json.loads(crudo)
            clase, dicho = mensaje["msg_type"], mensaje["content"]
            if clase == "status" and dicho["execution_state"] in ("restarting", "dead"):
                return "el núcleo murió: ¿faltó memoria?"
            if mensaje["parent_header"].get("msg_id") != numero:
                continue
            if clase == "error":
                falla = f"{dicho['ename']}: {dicho['evalue'][:200]}"
            if clase in ("stream", "display_data", "execute_result", "error"):
                celda.outputs.append(nbformat.v4.output_from_msg(mensaje))
            if clase == "execute_input":
                celda.execution_count = dicho["execution_count"]
            if clase == "status" and dicho["execution_state"] == "idle":
                return falla
        return f"pasaron {CELDA} s y la celda no terminó"


def todos_a_la_vez(alumnos: list, hacer: Callable[[object], None]) -> None:
    """Llama a `hacer` con cada uno, cada cual en su hilo, y espera a que acaben todos.

    Lanza la primera excepción que haya salido de alguno.
    """
    errores: list[BaseException] = []

    def uno(alumno) -> None:
        try:
            hacer(alumno)
        except BaseException as error:  # se lanza en el hilo que espera
            errores.append(error)

    hilos = [threading.Thread(target=uno, args=(a,), daemon=True) for a in alumnos]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    if errores:
        raise errores[0]
