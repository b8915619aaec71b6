"""Las tareas del curso, iguales en Linux, macOS y Windows.

    python3 herramientas/tareas.py lab               abre JupyterLab en tus cuadernos
    python3 herramientas/tareas.py pruebas           todo lo que debe pasar
    python3 herramientas/tareas.py libro             construye el sitio
    python3 herramientas/tareas.py servir            lo construye y lo abre en tu equipo
    python3 herramientas/tareas.py pruebas-rapidas   lo mismo sin ejecutar cuadernos
    python3 herramientas/tareas.py ejecutar          ejecuta y guarda las salidas
    python3 herramientas/tareas.py en-vivo           genera los guiones para la clase
    python3 herramientas/tareas.py diapositivas      las mismas celdas, en láminas
    python3 herramientas/tareas.py leccion           empieza una lección nueva
    python3 herramientas/tareas.py revisar           dice si este equipo está listo
    python3 herramientas/tareas.py acta              junta las entregas de una clase
    python3 herramientas/tareas.py impacto           resume talleres y cuestionarios
    python3 herramientas/tareas.py usb               el curso entero, sin red
    python3 herramientas/tareas.py zip               el sitio en un .zip, para llevar
    python3 herramientas/tareas.py pdf               el curso en un PDF
    python3 herramientas/tareas.py epub              el curso en un EPUB
    python3 herramientas/tareas.py publicar          dice si se puede publicar, y cómo
    python3 herramientas/tareas.py publicar-datos    deja los datos listos para subir
    python3 herramientas/tareas.py auditar           mide el sitio: peso, accesibilidad…
    python3 herramientas/tareas.py evaluar           mide semilla en todos los datos
    python3 herramientas/tareas.py medir             mide memoria y velocidad en una GPU
    python3 herramientas/tareas.py colab             prueba las versiones de Colab
    python3 herramientas/tareas.py matriz            prueba otras versiones y Python
    python3 herramientas/tareas.py ensayo-t4         ensaya el curso como en una T4
    python3 herramientas/tareas.py ensayo-usb        instala sin red lo que hizo usb
    python3 herramientas/tareas.py ensayo-hub        seis a la vez en un JupyterHub
    python3 herramientas/tareas.py limpiar           borra lo que se genera

Lo que escribas después del nombre pasa al programa que hace el trabajo.
En Windows escribe «python» donde dice «python3».

Cada tarea prepara su propio entorno en .venv (o en la carpeta que diga TALLER_VENV)
con lo que le hace falta y nada más. Si nada cambió, no instala ni construye de nuevo.
Con TALLER_VERSIONES=nuevas instala las últimas versiones e ignora requisitos.lock.
En Linux, TALLER_TORCH elige el PyTorch: «cpu», «cuda» o «auto», según la tarjeta.

Este archivo y los que importa solo usan la biblioteca estándar y se pueden leer desde
Python 3.6, para que quien tiene un Python viejo reciba una explicación y no un error.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

RAIZ = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if RAIZ not in sys.path:
    sys.path.insert(0, RAIZ)  # se llama como programa, desde cualquier carpeta

from herramientas.archivos import escribir_texto, razon  # noqa: E402
from herramientas.cerrojo import Cerrojo, heredar  # noqa: E402
from herramientas.copia import CARPETA, copiar  # noqa: E402
from herramientas.entorno import (  # noqa: E402
    Problema,
    carpeta_del_entorno,
    cerrojo_del_entorno,
    decir,
    es_ajeno,
    es_propio,
    explicar_disco,
    leer_sello,
    preparar,
    segundos,
)

SITIO = os.path.join(RAIZ, "_build", "html")
ENTORNO_DE_PRUEBA = {
    "TALLER_PERFIL": "semilla",
    "TALLER_ESTATICO": "1",
    "HF_HUB_OFFLINE": "1",
}
# La misma de taller/hilos.py, que aquí no se puede importar: una prueba las compara.
ESPERA_CORTA = {"GOMP_SPINCOUNT": "1000"}


def correr(orden, **variables):
    """Ejecuta un programa en la raíz y devuelve su código de salida."""
    entorno = dict(os.environ, PYTHONUTF8="1", **variables)
    return subprocess.call(orden, cwd=RAIZ, env=entorno)


def entorno_de_prueba():
    """Las variables con que corren las pruebas y todo lo que ellas abren.

    En esa carpeta está el sitecustomize que corta la red desde que Python arranca.
    """
    caminos = [os.path.join(RAIZ, "tests", "apoyo", "red")]
    if os.environ.get("PYTHONPATH"):
        caminos.append(os.environ["PYTHONPATH"])
    return dict(ENTORNO_DE_PRUEBA, PYTHONPATH=os.pathsep.join(caminos))


# --- El libro -----------------------------------------------------------------------


# De ahí salen el nombre de los modelos y de los archivos, los horarios y los pesos.
OFICIOS = ("herramientas/cuadernos", "herramientas/sala", "herramientas/semilla")
SUELTOS = ("__init__.py", "archivos.py", "empaquetar.py")


def rutas_del_libro():
    """Los archivos de que sale el sitio."""
    rutas = [
        os.path.join(RAIZ, nombre)
        for nombre in sorted(os.listdir(RAIZ))
        if nombre.endswith((".yml", ".toml", ".md", ".cff"))
    ]
    sueltos = [os.path.join(RAIZ, "herramientas", nombre) for nombre in SUELTOS]
    rutas += [ruta for ruta in sueltos if os.path.exists(ruta)]
    for carpeta in ("book", "notebooks", "taller") + OFICIOS:
        for actual, hijas, archivos in os.walk(os.path.join(RAIZ, carpeta)):
            hijas[:] = sorted(h for h in hijas if h[0] != "." and h != "__pycache__")
            rutas += [os.path.join(actual, nombre) for nombre in sorted(archivos)]
    return rutas


def huella_del_libro(python):
    """Cambia cuando cambia algo de lo que se construye el sitio."""
    suma = hashlib.sha256()
    venv = os.path.dirname(os.path.dirname(python))
    suma.update(leer_sello(venv).get("huella", "").encode("utf-8"))
    for ruta in rutas_del_libro():
        suma.update(os.path.relpath(ruta, RAIZ).encode("utf-8"))
        with open(ruta, "rb") as archivo:
            suma.update(hashlib.sha256(archivo.read()).digest())
    return suma.hexdigest()


def ruta_del_sello():
    """El archivo que dice de qué se construyó el sitio que hay."""
    return os.path.join(RAIZ, "_build", "sello-libro.txt")


def cerrojo_del_sitio():
    """El cerrojo de quien construye o borra el sitio."""
    return Cerrojo(
        os.path.join(RAIZ, "_build", "sitio.cerrojo"),
        "Otra tarea está construyendo el sitio; espero.",
    )


def libro_al_dia(huella):
    """¿Está el sitio entero y construido de lo que hay ahora?"""
    try:
        with open(ruta_del_sello(), encoding="utf-8") as archivo:
            igual = archivo.read() == huella
    except OSError:
        igual = False
    return igual and os.path.exists(os.path.join(SITIO, "index.html"))


def construir(python, argumentos=()):
    """Construye el sitio si algo cambió. Las advertencias son errores.

    Dos a la vez no se estorban: la segunda espera y casi siempre lo halla hecho.
    """
    if not os.path.exists(os.path.join(RAIZ, "_config.yml")):
        raise Problema(
            "Falta _config.yml: ejecuta la tarea en una copia entera del curso."
        )
    if argumentos or not libro_al_dia(huella_del_libro(python)):
        with cerrojo_del_sitio():
            huella = huella_del_libro(python)
            if argumentos or not libro_al_dia(huella):
                construir_de_cero(python, argumentos, huella)
                return 0
    decir("El sitio ya estaba al día.")
    return 0


def construir_de_cero(python, argumentos, huella):
    """Borra el sitio y lo construye. El sello se escribe al final, si salió limpio."""
    inicio = time.time()
    # Primero el sello: si algo corta el programa, nadie creerá lo que quede.
    if os.path.exists(ruta_del_sello()):
        os.remove(ruta_del_sello())
    # Sphinx no repite las advertencias de una página que no cambió: se parte de cero.
    for vieja in (SITIO, os.path.join(RAIZ, "_build", ".doctrees")):
        if os.path.exists(vieja):
            shutil.rmtree(vieja)
    decir("Construyo el sitio…")
    orden = [python, "-c", "from jupyter_book.cli.main import main; main()", "build"]
    orden += [RAIZ, "-W", "-n", "--keep-going"] + list(argumentos)
    proceso = subprocess.Popen(
        orden,
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(os.environ, PYTHONUTF8="1", NO_COLOR="1"),
        **heredar(),
    )
    salida = proceso.communicate()[0].decode("utf-8", "replace")
    registro = os.path.join(RAIZ, "_build", "libro.txt")
    escribir_texto(registro, salida)
    if proceso.returncode != 0:
        if re.search(r"Errno 28|No space left", salida):
            raise Problema("No queda espacio en el disco: libera unos gigas y repite.")
        limpia = re.sub(r"\x1b\[[\d;]*m", "", salida)
        avisos = re.findall(r"^.*\b(?:WARNING|ERROR|CRITICAL)\b.*$", limpia, re.M)
        for aviso in avisos or limpia.splitlines()[-15:]:
            decir("  " + aviso.strip().replace(RAIZ + os.sep, ""))
        raise Problema(
            "El sitio no se construyó limpio: corrige lo de arriba (registro completo "
            "en %s)." % os.path.relpath(registro, RAIZ)
        )
    escribir_texto(ruta_del_sello(), huella)
    decir("Libro construido en %s." % segundos(inicio))


def libro(argumentos):
    """Construye el sitio y dice dónde abrirlo."""
    construir(preparar("libro"), argumentos)
    decir("Ábrelo en %s" % os.path.join(SITIO, "index.html"))
    decir("O sírvelo con «make servir» (sin make: «tareas.py servir»).")
    return 0


def del_sitio(nombre):
    """Una tarea que toma el sitio, construido si hacía falta, y hace otra cosa."""

    def tarea(argumentos):
        python = preparar("libro")
        construir(python)
        return correr([python, "-m", "herramientas." + nombre] + argumentos)

    return tarea


def servir(argumentos):
    """Construye el sitio si hace falta y lo sirve en este equipo."""
    import functools
    import http.server

    puerto = 8000
    if argumentos:
        if not (argumentos[0].isdigit() and 0 < int(argumentos[0]) < 65536):
            raise Problema("«%s» no es un puerto: usa un número." % argumentos[0])
        puerto = int(argumentos[0])
    construir(preparar("libro"))

    class Callado(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    atiende = functools.partial(Callado, directory=SITIO)
    for intento in range(puerto, min(puerto + 20, 65536)):
        try:
            servidor = http.server.ThreadingHTTPServer(("127.0.0.1", intento), atiende)
            break
        except OSError:
            continue
    else:
        raise Problema("Los puertos desde %d están ocupados: da otro." % puerto)
    decir("El sitio está en http://localhost:%d (Ctrl+C para parar)." % intento)
    servidor.serve_forever()
    return 0


# --- Lo demás -----------------------------------------------------------------------


QUE_ABRE_LAB = ("en-vivo", "al-dia", "originales", "impacto", "pt")


def lab(argumentos):
    """Abre JupyterLab en una copia de los cuadernos, mis_cuadernos/.

    Antes de las opciones de JupyterLab puede ir una palabra: «en-vivo», los esqueletos
    para la clase; «al-dia», trae antes las versiones nuevas; «originales», los del
    curso, que git vigila; «impacto», el cuaderno de quien dio un taller; «pt», lo que
    hay en portugués.
    """
    que, argumentos = "", list(argumentos)
    if argumentos and not argumentos[0].startswith("-"):
        que = argumentos.pop(0)
        if que not in QUE_ABRE_LAB:
            raise Problema(
                "«%s» no es algo que abra lab: usa %s, o nada."
                % (que, " o ".join("«%s»" % palabra for palabra in QUE_ABRE_LAB))
            )
    python = preparar("todo")
    cuadernos = os.path.join(RAIZ, "notebooks")
    abre = cuadernos if que == "originales" else os.path.join(RAIZ, CARPETA)
    if que == "impacto":
        cuadernos = os.path.join(RAIZ, "herramientas", "sala")
        abre = os.path.join(abre, "impacto")
    if que == "pt":
        cuadernos, abre = os.path.join(cuadernos, "pt"), os.path.join(abre, "pt")
    if que != "originales":
        for frase in copiar(cuadernos, abre, que == "al-dia"):
            decir(frase)
    if que == "en-vivo":
        if correr([python, "-m", "herramientas.cuadernos.en_vivo"]):
            raise Problema(
                "No se escribieron los esqueletos: lo de arriba dice por qué."
            )
        abre = os.path.join(abre, "en-vivo")
        # Siempre los de ahora: lo que alguien haya escrito queda con su nombre.
        esqueletos = os.path.join(RAIZ, "_build", "en-vivo")
        for frase in copiar(esqueletos, abre, True):
            decir(frase)
    decir("Abro JupyterLab en %s (Ctrl+C para parar)." % os.path.relpath(abre, RAIZ))
    decir("Una celda que no termina se detiene con el cuadrado ■ de su barra.")
    # En un contenedor se suele ser root, y Jupyter no arranca si no se le dice.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        argumentos = ["--allow-root"] + argumentos
    elegida = "GOMP_SPINCOUNT" in os.environ or "OMP_WAIT_POLICY" in os.environ
    variables = {} if elegida else ESPERA_CORTA
    ajustes = os.path.join(RAIZ, "herramientas", "lab")  # en español y sin noticias
    orden = [python, "-m", "jupyterlab", abre, "--LabApp.app_settings_dir=" + ajustes]
    return correr(orden + argumentos, **variables)


# Lo que corre mientras tanto, y con qué marcas corren las demás pruebas.
CON_CUADERNOS = ["--nbval-lax", "--nbval-current-env"]
SITIO_APARTE = os.path.join("tests", "test_sitio.py")
A_LA_VEZ = {
    "Cuadernos": (["notebooks"] + CON_CUADERNOS, ["-m", "not al_final"]),
    "Páginas del sitio": (
        [SITIO_APARTE, "-m", "not lento"],
        ["--ignore=" + SITIO_APARTE, "-m", "not lento and not al_final"],
    ),
}
MEDIDOS = os.path.join("taller", "recursos", "resultados", "cuadernos.json")


def sesiones_de(que):
    """Las sesiones de una parte de A_LA_VEZ: de los cuadernos, una por cuaderno.

    Primero los que más tardaron la última vez: el más largo no queda para el final.
    """
    (aparte, _) = A_LA_VEZ[que]
    if aparte[0] != "notebooks":
        return [aparte]
    with open(os.path.join(RAIZ, MEDIDOS), encoding="utf-8") as archivo:
        medidos = json.load(archivo)["cuadernos"]
    rutas = []
    for carpeta, subcarpetas, archivos in os.walk(os.path.join(RAIZ, "notebooks")):
        subcarpetas[:] = sorted(s for s in subcarpetas if not s.startswith("."))
        rutas += [os.path.join(carpeta, a) for a in archivos if a.endswith(".ipynb")]

    def lento(ruta):
        nombre = os.path.splitext(os.path.basename(ruta))[0]
        return medidos.get(nombre, {}).get("segundos", float("inf")), nombre

    rutas.sort(key=lento, reverse=True)
    return [[os.path.relpath(ruta, RAIZ)] + aparte[1:] for ruta in rutas]


class Cola:
    """Sesiones de pytest en espera: quien queda libre abre la que sigue.

    Argumentos: `orden`, la de pytest; `sesiones`, los argumentos de cada una;
    `carpeta`, donde guardar lo que escriben; `variables`, las de su entorno.
    """

    def __init__(self, orden, sesiones, carpeta, variables):
        self.orden, self.faltan, self.carpeta = orden, list(sesiones), carpeta
        self.entorno = dict(os.environ, PYTHONUTF8="1", **variables)
        self.abiertas, self.hechas, self.codigo = [], [], 0
        self.por_acabar = len(self.faltan)
        self.llave, self.empezo = threading.Lock(), threading.Event()

    def atender(self):
        """Abre una tras otra las que falten. Pueden llamarlo varios hilos."""
        try:
            while self._una():
                pass
        finally:
            self.empezo.set()  # pase lo que pase, que nadie se quede esperando

    def _una(self):
        """Abre la que sigue y la espera. Devuelve si había alguna."""
        with self.llave:
            if not self.faltan:
                return False
            sesion = self.faltan.pop(0)
            registro = os.path.join(self.carpeta, "%d.txt" % len(self.faltan))
            try:
                proceso = self._abrir(sesion, registro)
            except OSError as error:
                causa = "No se pudo abrir %s: %s." % (sesion[0], razon(error))
                self._apuntar(sesion[0], 1, registro, causa)
                return True
            self.abiertas.append(proceso)
        self.empezo.set()
        codigo = proceso.wait()
        with self.llave:
            self._apuntar(sesion[0], codigo, registro)
        return True

    def _abrir(self, sesion, registro):
        with open(registro, "wb") as salida:
            return subprocess.Popen(
                self.orden + sesion + ["-p", "no:cacheprovider"],
                cwd=RAIZ,
                env=self.entorno,
                stdout=salida,
                stderr=subprocess.STDOUT,
            )

    def _apuntar(self, nombre, codigo, registro, causa=""):
        self.codigo = self.codigo or codigo
        self.por_acabar -= 1
        self.hechas.append((nombre, codigo, registro, causa))

    def resultado(self):
        """El código de la primera que falló; 1 si alguna se quedó sin acabar."""
        return self.codigo or int(self.por_acabar > 0)

    def mostrar(self):
        """Lo de las que acabaron: de una que falló, todo; de las demás, sus tiempos."""
        with self.llave:
            nuevas, self.hechas = self.hechas, []
        for nombre, codigo, registro, causa in nuevas:
            if causa:
                decir(causa)
                continue
            with open(registro, encoding="utf-8", errors="replace") as archivo:
                lineas = archivo.read().splitlines()
            if not codigo:
                lineas = [x for x in lineas if x.startswith("Tiempos:")] or [nombre]
            decir("\n".join(lineas))

    def cortar(self):
        """No abre más y detiene las abiertas."""
        with self.llave:
            self.faltan = []
            for proceso in self.abiertas:
                if proceso.poll() is None:
                    proceso.terminate()
                proceso.wait()


def probar_a_la_vez(orden, que):
    """Una parte de las pruebas y las demás, a la vez: en dos núcleos acaban antes.

    Argumentos: `orden`, la de pytest; `que`, la parte, de A_LA_VEZ. Al acabar las
    demás, se ayuda con las sesiones que falten de la parte y se muestra lo que
    escriben. Al final, las pruebas que miran a todas. Devuelve los códigos de salida:
    las demás, la parte (el primero que no sea cero), las del final.
    """
    demas = A_LA_VEZ[que][1]
    aparte = os.path.join(RAIZ, "_build", "aparte")
    os.makedirs(aparte, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="taller-red-") as carpeta:
        red = os.path.join(carpeta, "intentos.jsonl")  # uno para todas
        variables = dict(entorno_de_prueba(), TALLER_REGISTRO_RED=red)
        cola = Cola(orden, sesiones_de(que), aparte, variables)
        hilos = [threading.Thread(target=cola.atender, daemon=True) for _ in range(2)]
        try:
            hilos[0].start()
            cola.empezo.wait()
            decir("%s: corren mientras tanto; su informe va después." % que)
            codigo = correr(orden + ["tests"] + demas, **variables)
            decir("== %s ==" % que)
            hilos[1].start()
            while any(hilo.is_alive() for hilo in hilos):
                cola.mostrar()
                time.sleep(0.5)
            cola.mostrar()
        finally:
            cola.cortar()
        final = orden + archivos_con("pytest.mark.al_final") + ["-m", "al_final"]
        ultimo = correr(final + ["-p", "no:cacheprovider"], **variables)
    return [codigo, cola.resultado(), ultimo]


def archivos_con(marca):
    """Los archivos de pruebas que llevan una marca: cargar los demás tarda."""
    elegidos = []
    for nombre in sorted(os.listdir(os.path.join(RAIZ, "tests"))):
        ruta = os.path.join("tests", nombre)
        if nombre.startswith("test_") and nombre.endswith(".py"):
            with open(os.path.join(RAIZ, ruta), encoding="utf-8") as archivo:
                if "@" + marca + "\n" in archivo.read():
                    elegidos.append(ruta)
    return elegidos


def probar(argumentos, con_cuadernos):
    """Estilo, sitio y pruebas; dice al final qué falló."""
    inicio = time.time()
    python = preparar("todo")
    fallas = []
    decir("== Estilo ==")
    if correr([python, "-m", "ruff", "check", "."]):
        fallas.append("estilo (ruff check)")
    if correr([python, "-m", "ruff", "format", "--check", "."]):
        fallas.append("formato (ruff format)")
    decir("== Sitio ==")
    try:
        construir(python)
    except Problema as problema:
        decir(str(problema))
        fallas.append("sitio")
    decir("== Pruebas ==")
    orden = [python, "-m", "pytest", "--durations=10"]
    if not argumentos:
        que = "Cuadernos" if con_cuadernos else "Páginas del sitio"
        codigos = probar_a_la_vez(orden, que)
    else:
        todo = ["notebooks"] + CON_CUADERNOS if con_cuadernos else ["-m", "not lento"]
        orden += ["tests"] + todo + argumentos
        codigos = [correr(orden, **entorno_de_prueba())]
    for codigo in codigos:
        if codigo < 0:
            # Sin esto, pytest desaparece sin decir nada; suele ser falta de memoria.
            fallas.append(
                "pruebas (a pytest lo mató la señal %d: ¿faltó memoria?)" % -codigo
            )
        elif codigo:
            fallas.append("pruebas (pytest)")
    decir("Tiempo total: %s." % segundos(inicio))
    if fallas:
        raise Problema("No pasó: %s." % ", ".join(fallas))
    decir("Todo pasó.")
    return 0


def pruebas(argumentos):
    """Todo lo que debe pasar, cuadernos incluidos."""
    return probar(argumentos, con_cuadernos=True)


def pruebas_rapidas(argumentos):
    """Lo mismo sin ejecutar cuadernos ni entrenar: minuto y medio."""
    return probar(argumentos, con_cuadernos=False)


def programa(nombre, *antes):
    """Una tarea que consiste en llamar a un programa de herramientas/."""

    def tarea(argumentos):
        python = preparar("todo")
        orden = [python, "-m", "herramientas." + nombre]
        return correr(orden + list(antes) + argumentos)

    return tarea


def revisar(argumentos):
    """Dice si este equipo está listo para el taller, y qué hacer si no."""
    return correr([preparar("todo"), "-m", "taller.revisar"] + argumentos)


def usb(argumentos):
    """Empaqueta el curso con sus bibliotecas, para instalarlo sin red."""
    python = preparar("todo")
    if not {"-h", "--help", "--que", "--sin-sitio"} & set(argumentos):
        construir(python)
    return correr([python, "-m", "herramientas.usb"] + argumentos)


def ensayo_usb(argumentos):
    """Instala sin red lo que hizo «usb» y ejecuta ahí la 00 y la 10."""
    python = preparar("todo")
    construir(python)
    return correr([python, "-m", "herramientas.usb.ensayo"] + argumentos)


def auditar(argumentos):
    """Mide el sitio con Lighthouse, axe y epubcheck; guarda auditoria.json."""
    python = preparar("todo")
    construir(python)
    if correr([python, "-m", "herramientas.imprenta.epub"]):
        raise Problema("Sin EPUB no hay qué revisar: lo de arriba dice por qué.")
    return correr([python, "-m", "herramientas.auditoria"] + argumentos)


def limpiar(argumentos):
    """Borra lo que se genera; con «--todo», también el entorno."""
    if [a for a in argumentos if a != "--todo"]:
        raise Problema("«limpiar» solo acepta «--todo».")
    borrar = [
        os.path.join(RAIZ, nombre)
        for nombre in ("_build", "taller.egg-info", ".pytest_cache", ".ruff_cache")
    ]
    for carpeta in ("book", "herramientas", "notebooks", "taller", "tests"):
        for actual, hijas, _ in os.walk(os.path.join(RAIZ, carpeta)):
            for hija in ("__pycache__", ".ipynb_checkpoints"):
                if hija in hijas:
                    borrar.append(os.path.join(actual, hija))
    with cerrojo_del_sitio():
        for ruta in borrar:
            shutil.rmtree(ruta, ignore_errors=True)
    venv = carpeta_del_entorno()
    if argumentos and es_ajeno(venv):
        raise Problema(
            "El entorno %s no lo creó esta tarea: si ya no lo quieres, bórralo tú. Lo "
            "demás quedó limpio." % venv
        )
    if argumentos and es_propio(venv):
        with cerrojo_del_entorno(venv) as cerrojo:
            shutil.rmtree(venv, ignore_errors=True)
            if os.name != "nt":  # allí no se borra un archivo abierto
                os.remove(cerrojo.ruta)
    decir("Limpio.")
    return 0


TAREAS = {
    "lab": lab,
    "pruebas": pruebas,
    "libro": libro,
    "servir": servir,
    "pruebas-rapidas": pruebas_rapidas,
    "ejecutar": programa("cuadernos.ejecutar"),
    "en-vivo": programa("cuadernos.en_vivo"),
    "diapositivas": programa("cuadernos.en_vivo", "--diapositivas"),
    "leccion": programa("cuadernos.leccion"),
    "revisar": revisar,
    "acta": programa("sala.acta"),
    "impacto": programa("sala.impacto"),
    "usb": usb,
    "zip": del_sitio("empaquetar"),
    "pdf": del_sitio("imprenta.pdf"),
    "epub": del_sitio("imprenta.epub"),
    "publicar": programa("publicar"),
    "publicar-datos": programa("datos.publicar_datos"),
    "auditar": auditar,
    "evaluar": programa("medidas.evaluar"),
    "medir": programa("medidas.medir"),
    "colab": programa("compatibilidad.correr", "colab"),
    "matriz": programa("compatibilidad.correr", "matriz"),
    "ensayo-t4": programa("ensayo"),
    "ensayo-usb": ensayo_usb,
    "ensayo-hub": programa("sala.hub.ensayo"),
    "limpiar": limpiar,
}


def principal(argumentos):
    """Hace la tarea pedida y devuelve el código de salida."""
    for flujo in (sys.stdout, sys.stderr):
        if hasattr(flujo, "reconfigure"):
            flujo.reconfigure(errors="replace")
    if not argumentos or argumentos[0] in ("-h", "--help", "ayuda"):
        decir(__doc__.strip())
        return 0 if argumentos else 2
    nombre = argumentos[0]
    try:
        if nombre not in TAREAS:
            raise Problema(
                "No conozco la tarea «%s»: las que hay son %s."
                % (nombre, ", ".join(TAREAS))
            )
        return TAREAS[nombre](argumentos[1:])
    except Problema as problema:
        print(str(problema), file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        frase = explicar_disco(error)
        if frase is None:
            raise
        print(frase, file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        decir("\nDetenido.")
        return 130


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
