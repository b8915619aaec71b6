"""Las tareas del curso, iguales en Linux, macOS y Windows.

    python3 herramientas/tareas.py libro             construye el sitio
    python3 herramientas/tareas.py servir            lo construye y lo abre en tu equipo
    python3 herramientas/tareas.py lab               abre JupyterLab en los cuadernos
    python3 herramientas/tareas.py pruebas           todo lo que debe pasar
    python3 herramientas/tareas.py pruebas-rapidas   lo mismo sin ejecutar cuadernos
    python3 herramientas/tareas.py ejecutar          ejecuta y guarda las salidas
    python3 herramientas/tareas.py en-vivo           genera los guiones para la clase
    python3 herramientas/tareas.py evaluar           mide semilla en todos los datos
    python3 herramientas/tareas.py medir             mide memoria y velocidad en una GPU
    python3 herramientas/tareas.py limpiar           borra lo que se genera

Lo que escribas después del nombre pasa al programa que hace el trabajo.
En Windows escribe «python» donde dice «python3».

Cada tarea prepara su propio entorno en .venv (o en la carpeta que diga TALLER_VENV)
con lo que le hace falta y nada más. Si nada cambió, no instala ni construye de nuevo.
Con TALLER_VERSIONES=nuevas instala las últimas versiones e ignora requisitos.lock.

Este archivo solo usa la biblioteca estándar y se puede leer desde Python 3.6, para
que quien tiene un Python viejo reciba una explicación y no un error de sintaxis.
"""

import errno
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time

RAIZ = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SITIO = os.path.join(RAIZ, "_build", "html")
MINIMO = (3, 11)
GIGA = 1024**3
# Espacio libre que hace falta para instalar: medido, con margen para las descargas.
ESPACIO = {"libro": 1.0, "todo": 3.5}
SELLO = "taller-sello.json"  # lo que está instalado; se escribe al terminar
MARCA = "taller-instalando"  # existe solo mientras se instala
CREADO = "taller-creado"  # el entorno lo creó este programa, que puede rehacerlo
ENTORNO_DE_PRUEBA = {
    "TALLER_PERFIL": "semilla",
    "TALLER_ESTATICO": "1",
    "HF_HUB_OFFLINE": "1",
}


class Problema(Exception):
    """Algo que la persona puede resolver. Su texto es la frase que verá."""


def decir(texto):
    """Imprime sin esperar, para que se lea en orden con lo que escriben otros."""
    print(texto, flush=True)


def segundos(inicio):
    """Tiempo desde `inicio`, para leer."""
    total = int(round(time.time() - inicio))
    return "%d s" % total if total < 60 else "%d min %02d s" % divmod(total, 60)


# --- El Python de partida -----------------------------------------------------------


def comprobar_python(version=None):
    """Para si este Python es viejo o le falta con qué crear un entorno."""
    version = tuple(version or sys.version_info)[:2]
    if version < MINIMO:
        raise Problema(
            "Hace falta Python 3.11 o más nuevo y este es %d.%d: instala uno reciente "
            "y repite la orden con él (por ejemplo, «python3.12 "
            "herramientas/tareas.py libro»)." % version
        )
    for modulo in ("venv", "ensurepip"):
        try:
            presente = importlib.util.find_spec(modulo) is not None
        except ValueError:
            presente = False
        if not presente:
            raise Problema(
                "A este Python le falta el módulo %s, que crea entornos: en Debian o "
                "Ubuntu instálalo con «sudo apt install python%d.%d-venv» y repite; en "
                "otro sistema, reinstala Python completo." % ((modulo,) + version)
            )


# --- El entorno ---------------------------------------------------------------------


def carpeta_del_entorno():
    """Dónde está el entorno: TALLER_VENV o .venv en la raíz."""
    pedida = os.environ.get("TALLER_VENV", "").strip()
    return os.path.abspath(os.path.expanduser(pedida or os.path.join(RAIZ, ".venv")))


def python_de(venv):
    """El ejecutable de Python de un entorno."""
    windows = os.path.join(venv, "Scripts", "python.exe")
    return windows if os.name == "nt" else os.path.join(venv, "bin", "python")


def funciona(venv):
    """¿Es un entorno entero, con un Python 3.11 o más nuevo que arranca y su pip?"""
    prueba = "import sys, pip; sys.exit(sys.version_info < %r)" % (MINIMO,)
    try:
        return (
            subprocess.call(
                [python_de(venv), "-c", prueba],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        )
    except OSError:
        return False


def pedidos(nivel):
    """Los argumentos de pip para un nivel: «libro» (sin torch) o «todo»."""
    if nivel == "todo":
        return ["-e", ".[todo]"]
    import tomllib  # está desde Python 3.11, que ya se comprobó

    with open(os.path.join(RAIZ, "pyproject.toml"), "rb") as archivo:
        return tomllib.load(archivo)["project"]["optional-dependencies"]["libro"]


def versiones_nuevas():
    """¿Se pidieron las últimas versiones en lugar de las del candado?"""
    pedido = os.environ.get("TALLER_VERSIONES", "").strip()
    if pedido not in ("", "candado", "nuevas"):
        raise Problema(
            "TALLER_VERSIONES vale «%s» y solo puede valer «candado» o «nuevas»."
            % pedido
        )
    return pedido == "nuevas"


def huella_de_requisitos():
    """Cambia cuando cambia lo que hay que instalar."""
    import tomllib

    with open(os.path.join(RAIZ, "pyproject.toml"), "rb") as archivo:
        proyecto = tomllib.load(archivo)["project"]
    with open(os.path.join(RAIZ, "requisitos.lock"), "rb") as archivo:
        candado = archivo.read().replace(b"\r\n", b"\n")
    datos = json.dumps(
        [
            proyecto["version"],
            proyecto["dependencies"],
            proyecto["optional-dependencies"],
            versiones_nuevas(),
            RAIZ,
        ]
    )
    return hashlib.sha256(datos.encode("utf-8") + candado).hexdigest()


def leer_sello(venv):
    """Lo que dice el sello del entorno, o un diccionario vacío."""
    try:
        with open(os.path.join(venv, SELLO), encoding="utf-8") as archivo:
            return json.load(archivo)
    except (OSError, ValueError):
        return {}


def escribir_entero(ruta, texto):
    """Escribe un archivo de una vez: queda el viejo o el nuevo, nunca la mitad."""
    with open(ruta + ".nuevo", "w", encoding="utf-8") as archivo:
        archivo.write(texto)
    os.replace(ruta + ".nuevo", ruta)


class Cerrojo:
    """Impide que dos tareas instalen a la vez en el mismo entorno.

    El sistema lo suelta solo si el proceso muere.
    """

    def __init__(self, venv):
        self.ruta = venv + ".cerrojo"

    def __enter__(self):
        os.makedirs(os.path.dirname(self.ruta), exist_ok=True)
        self.archivo = open(self.ruta, "a+")
        avisado = False
        while not self._tomar():
            if not avisado:
                decir("Otra tarea está instalando en el mismo entorno; espero.")
                avisado = True
            time.sleep(1)
        return self

    def _tomar(self):
        try:
            if os.name == "nt":
                import msvcrt

                self.archivo.seek(0)
                msvcrt.locking(self.archivo.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(self.archivo, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def __exit__(self, *_):
        self.archivo.close()


def crear_entorno(venv):
    """Crea el entorno; si había uno a medias, lo rehace."""
    if os.path.isdir(venv) and os.listdir(venv):
        if not os.path.exists(os.path.join(venv, "pyvenv.cfg")):
            raise Problema(
                "La carpeta %s no está vacía ni es un entorno de Python: elige otra "
                "con TALLER_VENV o bórrala tú." % venv
            )
        decir("El entorno %s está a medias o ya no arranca: lo rehago." % venv)
        shutil.rmtree(venv, ignore_errors=True)
    decir("Creo el entorno en %s" % venv)
    hecho = subprocess.run(
        [sys.executable, "-m", "venv", venv],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if hecho.returncode != 0 or not funciona(venv):
        detalle = hecho.stdout.decode("utf-8", "replace").strip()
        shutil.rmtree(venv, ignore_errors=True)
        raise Problema(
            "No se pudo crear el entorno en %s: revisa que puedas escribir ahí y que "
            "haya espacio. Detalle: %s" % (venv, (detalle.splitlines() or ["-"])[-1])
        )
    escribir_entero(os.path.join(venv, CREADO), "herramientas/tareas.py\n")


def espacio_libre(carpeta):
    """Gigas libres en el disco donde está (o estará) una carpeta."""
    while not os.path.isdir(carpeta):
        carpeta = os.path.dirname(carpeta)
    return shutil.disk_usage(carpeta).free / GIGA


def explicar_disco(error):
    """La frase para un error del disco que la persona puede resolver, o None."""
    if error.errno == errno.ENOSPC:
        return "No queda espacio en el disco: libera unos gigas y repite."
    if error.errno in (
        errno.ENOTDIR,
        errno.EEXIST,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
    ):
        return (
            "No se puede escribir en %s: revisa los permisos o elige otra carpeta."
            % (error.filename or carpeta_del_entorno())
        )
    return None


def explicar_fallo(registro):
    """Convierte lo que escribió pip en una frase que diga qué hacer."""
    if re.search(r"Errno 28|No space left|ENOSPC|not enough space", registro, re.I):
        return (
            "No queda espacio en el disco para instalar: libera unos gigas (también en "
            "la carpeta temporal) y repite; lo ya descargado se aprovecha."
        )
    if re.search(
        r"Retrying|NewConnection|ConnectionError|Connection refused|connection error"
        r"|Temporary failure in name|getaddrinfo|timed out|ReadTimeout|ProxyError"
        r"|Network is unreachable|Connection (reset|broken|aborted)|IncompleteRead"
        r"|SSLError|Could not fetch URL",
        registro,
        re.I,
    ):
        return (
            "No se pudieron descargar los paquetes: revisa la conexión a internet (o "
            "el proxy) y repite; lo ya descargado se aprovecha."
        )
    if re.search(
        r"Permission denied|Errno 13|Access is denied|Errno 30", registro, re.I
    ):
        return (
            "No hay permiso para escribir en el entorno: elige otra carpeta con "
            "TALLER_VENV o revisa los permisos."
        )
    if re.search(r"ResolutionImpossible|No matching distribution", registro):
        return (
            "pip no encontró las versiones que necesita: revisa la conexión a internet "
            "(o el índice de paquetes que usas) y repite."
        )
    errores = re.findall(r"^\s*ERROR: (.+)$", registro, re.M)
    return "pip no pudo instalar: %s" % (errores[-1] if errores else "sin detalle")


def instalar(venv, nivel):
    """Instala un nivel con pip y deja el sello. Si falla, no queda sello."""
    necesario = ESPACIO[nivel]
    libre = espacio_libre(venv)
    if libre < necesario:
        raise Problema(
            "Hacen falta %.1f GB libres para instalar y en %s quedan %.1f: libera "
            "espacio o elige otro disco con TALLER_VENV." % (necesario, venv, libre)
        )
    marca = os.path.join(venv, MARCA)
    propio = os.path.exists(os.path.join(venv, CREADO))
    # Un entorno ajeno que funciona no se borra aunque se cortara una instalación.
    if not funciona(venv) or (propio and os.path.exists(marca)):
        crear_entorno(venv)
    sello = os.path.join(venv, SELLO)
    if os.path.exists(sello):
        os.remove(sello)
    orden = [python_de(venv), "-m", "pip", "install"]
    orden += ["--progress-bar", "off", "--disable-pip-version-check"]
    if versiones_nuevas():
        orden += ["--upgrade", "--upgrade-strategy", "eager"]
    else:
        orden += ["-c", os.path.join(RAIZ, "requisitos.lock")]
    decir(
        "Instalo lo que necesita %s. La primera vez tarda unos minutos."
        % ("el sitio" if nivel == "libro" else "el curso completo")
    )
    if nivel == "todo" and sys.platform.startswith("linux"):
        if not shutil.which("nvidia-smi") and not os.environ.get("PIP_EXTRA_INDEX_URL"):
            decir(
                "¿Sin tarjeta NVIDIA? README.md dice cómo ahorrarte los gigas de CUDA."
            )
    inicio = time.time()
    lineas = []
    with open(marca, "w", encoding="utf-8") as archivo:
        archivo.write("Si ves este archivo, una instalación se cortó a la mitad.\n")
    proceso = subprocess.Popen(
        orden + pedidos(nivel),
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(os.environ, PYTHONUTF8="1"),
    )
    for cruda in proceso.stdout:
        linea = cruda.decode("utf-8", "replace").rstrip()
        lineas.append(linea)
        tramo = re.match(r"\s*Downloading (\S+) \(([\d.]+) (MB|GB)\)", linea)
        if tramo and (tramo.group(3) == "GB" or float(tramo.group(2)) >= 5):
            nombre = tramo.group(1).split("/")[-1].split("-")[0]
            decir("  descargo %s (%s %s)" % ((nombre,) + tramo.groups()[1:]))
        elif linea.startswith("Installing collected packages"):
            decir("  instalo %d paquetes" % len(linea.split(",")))
    codigo = proceso.wait()
    registro = "\n".join(lineas)
    if codigo != 0:
        # pip deshace lo suyo si falla; si lo matan, no llega aquí y la marca queda.
        os.remove(marca)
        ruta = os.path.join(venv, "taller-instalacion.txt")
        escribir_entero(ruta, registro + "\n")
        raise Problema("%s (Detalle en %s)" % (explicar_fallo(registro), ruta))
    datos = {"huella": huella_de_requisitos(), "nivel": nivel}
    escribir_entero(sello, json.dumps(datos))
    os.remove(marca)
    decir("Entorno listo (%s)." % segundos(inicio))


def preparar(nivel):
    """Deja el entorno listo para un nivel y devuelve su Python. No repite trabajo."""
    comprobar_python()
    venv = carpeta_del_entorno()

    def al_dia():
        sello = leer_sello(venv)
        return (
            sello.get("huella") == huella_de_requisitos()
            and sello.get("nivel") in (nivel, "todo")
            and not os.path.exists(os.path.join(venv, MARCA))
            and funciona(venv)
        )

    if not al_dia():
        with Cerrojo(venv):
            if not al_dia():
                # Lo que ya estaba completo sigue completo al cambiar de versión.
                completo = leer_sello(venv).get("nivel") == "todo"
                instalar(venv, "todo" if completo else nivel)
    return python_de(venv)


def correr(orden, **variables):
    """Ejecuta un programa en la raíz y devuelve su código de salida."""
    entorno = dict(os.environ, PYTHONUTF8="1", **variables)
    return subprocess.call(orden, cwd=RAIZ, env=entorno)


# --- El libro -----------------------------------------------------------------------


def huella_del_libro(python):
    """Cambia cuando cambia algo de lo que se construye el sitio."""
    suma = hashlib.sha256()
    venv = os.path.dirname(os.path.dirname(python))
    suma.update(leer_sello(venv).get("huella", "").encode("utf-8"))
    rutas = [
        os.path.join(RAIZ, nombre)
        for nombre in sorted(os.listdir(RAIZ))
        if nombre.endswith((".yml", ".toml", ".md", ".cff"))
    ]
    for carpeta in ("book", "notebooks", "taller"):
        for actual, hijas, archivos in os.walk(os.path.join(RAIZ, carpeta)):
            hijas[:] = sorted(h for h in hijas if h[0] != "." and h != "__pycache__")
            rutas += [os.path.join(actual, nombre) for nombre in sorted(archivos)]
    for ruta in rutas:
        suma.update(os.path.relpath(ruta, RAIZ).encode("utf-8"))
        with open(ruta, "rb") as archivo:
            suma.update(hashlib.sha256(archivo.read()).digest())
    return suma.hexdigest()


def construir(python, argumentos=()):
    """Construye el sitio si algo cambió. Las advertencias son errores."""
    if not os.path.exists(os.path.join(RAIZ, "_config.yml")):
        raise Problema(
            "Falta _config.yml: ejecuta la tarea en una copia entera del curso."
        )
    sello = os.path.join(RAIZ, "_build", "sello-libro.txt")
    huella = huella_del_libro(python)
    try:
        with open(sello, encoding="utf-8") as archivo:
            igual = archivo.read() == huella
    except OSError:
        igual = False
    if igual and not argumentos and os.path.exists(os.path.join(SITIO, "index.html")):
        decir("El sitio ya estaba al día.")
        return 0
    inicio = time.time()
    # Sphinx no repite las advertencias de una página que no cambió: se parte de cero.
    for vieja in (SITIO, os.path.join(RAIZ, "_build", ".doctrees")):
        shutil.rmtree(vieja, ignore_errors=True)
    if os.path.exists(sello):
        os.remove(sello)
    decir("Construyo el sitio…")
    orden = [python, "-c", "from jupyter_book.cli.main import main; main()", "build"]
    orden += [RAIZ, "-W", "-n", "--keep-going"] + list(argumentos)
    proceso = subprocess.Popen(
        orden,
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(os.environ, PYTHONUTF8="1", NO_COLOR="1"),
    )
    salida = proceso.communicate()[0].decode("utf-8", "replace")
    os.makedirs(os.path.dirname(sello), exist_ok=True)
    registro = os.path.join(RAIZ, "_build", "libro.txt")
    escribir_entero(registro, salida)
    if proceso.returncode != 0:
        limpia = re.sub(r"\x1b\[[\d;]*m", "", salida)
        avisos = re.findall(r"^.*\b(?:WARNING|ERROR|CRITICAL)\b.*$", limpia, re.M)
        for aviso in avisos or limpia.splitlines()[-15:]:
            decir("  " + aviso.strip().replace(RAIZ + os.sep, ""))
        raise Problema(
            "El sitio no se construyó limpio: corrige lo de arriba (registro completo "
            "en %s)." % os.path.relpath(registro, RAIZ)
        )
    escribir_entero(sello, huella)
    decir("Libro construido en %s." % segundos(inicio))
    return 0


def libro(argumentos):
    """Construye el sitio y dice dónde abrirlo."""
    construir(preparar("libro"), argumentos)
    decir("Ábrelo en %s" % os.path.join(SITIO, "index.html"))
    decir("O sírvelo con «make servir» (sin make: «tareas.py servir»).")
    return 0


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


def lab(argumentos):
    """Abre JupyterLab en los cuadernos."""
    python = preparar("todo")
    decir("Abro JupyterLab en notebooks/ (Ctrl+C para parar).")
    # En un contenedor se suele ser root, y Jupyter no arranca si no se le dice.
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        argumentos = ["--allow-root"] + argumentos
    return correr([python, "-m", "jupyterlab", "notebooks"] + argumentos)


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
    orden = [python, "-m", "pytest"]
    if con_cuadernos:
        orden += ["tests", "notebooks", "--nbval-lax", "--nbval-current-env"]
    else:
        orden += ["tests", "-m", "not lento"]
    codigo = correr(orden + argumentos, **ENTORNO_DE_PRUEBA)
    if codigo < 0:
        # Sin esto, pytest desaparece sin decir nada; lo habitual es falta de memoria.
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
    """Lo mismo sin ejecutar cuadernos: menos de dos minutos."""
    return probar(argumentos, con_cuadernos=False)


def programa(nombre):
    """Una tarea que consiste en llamar a un programa de herramientas/."""

    def tarea(argumentos):
        python = preparar("todo")
        return correr([python, "-m", "herramientas." + nombre] + argumentos)

    return tarea


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
    venv = carpeta_del_entorno()
    if argumentos and os.path.exists(os.path.join(venv, "pyvenv.cfg")):
        borrar.append(venv)
    for ruta in borrar:
        shutil.rmtree(ruta, ignore_errors=True)
    if argumentos and os.path.exists(venv + ".cerrojo"):
        os.remove(venv + ".cerrojo")
    decir("Limpio.")
    return 0


TAREAS = {
    "libro": libro,
    "servir": servir,
    "lab": lab,
    "pruebas": pruebas,
    "pruebas-rapidas": pruebas_rapidas,
    "ejecutar": programa("cuadernos.ejecutar"),
    "en-vivo": programa("cuadernos.en_vivo"),
    "evaluar": programa("medidas.evaluar"),
    "medir": programa("medidas.medir"),
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
