"""El entorno de las tareas: crearlo, instalar lo que falta y no repetir trabajo.

Lo usa tareas.py. Aquí se decide también qué PyTorch conviene a cada equipo.

Este archivo solo usa la biblioteca estándar y se puede leer desde Python 3.6, para
que quien tiene un Python viejo reciba una explicación y no un error de sintaxis.
"""

import errno
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time

from herramientas.archivos import escribir_texto
from herramientas.cerrojo import Cerrojo, heredar

RAIZ = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
MINIMO = (3, 11)
GIGA = 1024**3
# Gigas libres que hacen falta para instalar: medidos, con margen para las descargas.
ESPACIO = {"libro": 1.0, "todo": 3.5, "con CUDA": 7.5}
SELLO = "taller-sello.json"  # lo que está instalado; se escribe al terminar
MARCA = "taller-instalando"  # existe solo mientras se instala
CREADO = "taller-creado"  # el entorno lo creó este programa, que puede rehacerlo

# Dónde publica PyTorch sus ruedas sin CUDA. Medido con torch 2.13 en x86_64: la de
# siempre y lo que pide ocupan 2,7 GB por la red y 4,7 en el disco; esta, 0,2 y 0,7.
INDICE_CPU = "https://download.pytorch.org/whl/cpu"
PACIENCIA = 5  # segundos que se espera a que ese índice responda


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


def termina_bien(venv, argumentos):
    """¿Termina bien el Python del entorno con esos argumentos?"""
    try:
        return (
            subprocess.call(
                [python_de(venv)] + argumentos,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            == 0
        )
    except OSError:
        return False


def funciona(venv, modulo="pip"):
    """¿Es un entorno con un Python 3.11 o más nuevo que arranca y ese módulo?"""
    prueba = "import sys, %s; sys.exit(sys.version_info < %r)" % (modulo, MINIMO)
    return termina_bien(venv, ["-c", prueba])


def poner_pip(venv):
    """Da pip a un entorno que arranca y no lo trae. ¿Quedó entero?"""
    return (
        funciona(venv, "ensurepip")
        and termina_bien(venv, ["-m", "ensurepip"])
        and funciona(venv)
    )


def es_propio(venv):
    """¿Lo creó este programa? Solo entonces se puede borrar."""
    return os.path.exists(os.path.join(venv, CREADO))


def es_ajeno(venv):
    """¿Es un entorno de Python que creó otro programa?"""
    return os.path.exists(os.path.join(venv, "pyvenv.cfg")) and not es_propio(venv)


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


def cerrojo_del_entorno(venv):
    """El cerrojo de quien instala en un entorno."""
    return Cerrojo(
        venv + ".cerrojo", "Otra tarea está instalando en el mismo entorno; espero."
    )


def crear_entorno(venv):
    """Crea el entorno; si había uno propio a medias, lo rehace."""
    if es_ajeno(venv):
        raise Problema(
            "El entorno %s no sirve (no arranca, es de un Python viejo o le falta pip) "
            "y no lo creó esta tarea: bórralo tú o elige otra carpeta con "
            "TALLER_VENV." % venv
        )
    if os.path.isdir(venv) and os.listdir(venv):
        if not es_propio(venv):
            raise Problema(
                "La carpeta %s no está vacía ni es un entorno de Python: elige otra "
                "con TALLER_VENV o bórrala tú." % venv
            )
        decir("El entorno %s está a medias o ya no arranca: lo rehago." % venv)
        shutil.rmtree(venv, ignore_errors=True)
    decir("Creo el entorno en %s" % venv)
    # Antes que nada: si algo corta el programa, lo que quede se sabrá propio.
    escribir_texto(os.path.join(venv, CREADO), "herramientas/tareas.py\n")
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


def lo_que_existe(carpeta):
    """La carpeta, o la más cercana de las que la contienen, que ya exista."""
    while not os.path.isdir(carpeta):
        arriba = os.path.dirname(carpeta)
        if arriba == carpeta:  # en Windows, una unidad que no está
            raise Problema(
                "No existe la unidad %s: conéctala o elige otra carpeta con "
                "TALLER_VENV." % carpeta
            )
        carpeta = arriba
    return carpeta


def espacio_libre(carpeta):
    """Gigas libres en el disco donde está (o estará) una carpeta."""
    return shutil.disk_usage(lo_que_existe(carpeta)).free / GIGA


def explicar_disco(error):
    """La frase para un error del disco que la persona puede resolver, o None."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "No queda espacio en el disco: libera unos gigas y repite."
    if error.errno in (
        errno.ENOTDIR,
        errno.EEXIST,
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
    ):
        return (
            "No se puede escribir en %s: revisa los permisos o trabaja en una copia "
            "tuya del curso; para el entorno, elige otra carpeta con TALLER_VENV."
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


# --- PyTorch, con CUDA o sin ella ---------------------------------------------------


def torch_pedido():
    """Qué PyTorch se quiere: «auto», «cpu» o «cuda», según TALLER_TORCH."""
    pedido = os.environ.get("TALLER_TORCH", "").strip() or "auto"
    if pedido not in ("auto", "cpu", "cuda"):
        raise Problema(
            "TALLER_TORCH vale «%s» y solo puede valer «auto», «cpu» o «cuda»." % pedido
        )
    return pedido


def hay_nvidia():
    """¿Hay una tarjeta NVIDIA con su controlador?"""
    return bool(shutil.which("nvidia-smi")) or os.path.exists("/proc/driver/nvidia")


def puede_traer_cuda():
    """¿Es un equipo en el que pip, sin decirle nada, instala PyTorch con CUDA?"""
    return sys.platform.startswith("linux") and platform.machine() in (
        "x86_64",
        "aarch64",
    )


def falta_torch(venv):
    """¿Hay que instalar PyTorch o cambiar de versión el de CPU que ya está?"""
    orden = "import importlib.metadata as m; print(m.version('torch'))"
    try:
        hecho = subprocess.run(
            [python_de(venv), "-c", orden],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return True
    instalado = hecho.stdout.decode("utf-8", "replace").strip()
    if hecho.returncode != 0 or "+cpu" not in instalado:
        return hecho.returncode != 0
    with open(os.path.join(RAIZ, "requisitos.lock"), encoding="utf-8") as archivo:
        fijado = "\ntorch==%s\n" % instalado.split("+")[0] in archivo.read()
    return versiones_nuevas() or not fijado


def indice_responde():
    """¿Se llega al índice de PyTorch para CPU? Respeta el proxy y no espera mucho."""
    import http.client
    import ssl
    import threading
    import urllib.request

    respuestas = []

    def preguntar():
        certificados = [
            os.environ[nombre]
            for nombre in ("PIP_CERT", "REQUESTS_CA_BUNDLE")
            if os.path.isfile(os.environ.get(nombre, ""))
        ]
        try:
            with urllib.request.urlopen(
                INDICE_CPU + "/torch/",
                timeout=PACIENCIA,
                context=ssl.create_default_context(cafile=(certificados + [None])[0]),
            ) as respuesta:
                respuestas.append(respuesta.status == 200)
        except (OSError, ValueError, http.client.HTTPException):
            pass

    # En otro hilo: buscar el nombre del servidor también puede tardar, y sin límite.
    hilo = threading.Thread(target=preguntar, daemon=True)
    hilo.start()
    hilo.join(PACIENCIA + 1)
    return any(respuestas)


def quiere_torch_de_cpu(venv):
    """¿Se instala antes el PyTorch de CPU? Dice por qué sí, o por qué no se puede."""
    pedido = torch_pedido()
    if pedido == "cuda" or not puede_traer_cuda() or not falta_torch(venv):
        return False
    if pedido == "auto":
        if hay_nvidia():
            return False
        for nombre in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
            if os.environ.get(nombre, "").strip():
                decir("Tomo PyTorch de donde dice %s." % nombre)
                return False
    if indice_responde():
        decir(
            "%s: instalo el PyTorch de CPU, que ahorra unos 2,5 GB de descarga y 4 GB "
            "de disco."
            % ("Lo pide TALLER_TORCH" if pedido == "cpu" else "No hay tarjeta NVIDIA")
        )
        return True
    if pedido == "cpu":
        raise Problema(
            "TALLER_TORCH pide el PyTorch de CPU y no se llega a %s: revisa la "
            "conexión (o el proxy) y repite, o quita esa variable para instalar el "
            "habitual." % INDICE_CPU
        )
    decir(
        "No se llega al PyTorch de CPU: instalo el que encuentre pip, quizá con CUDA."
    )
    return False


def instalar_torch_de_cpu(venv):
    """Instala solo torch, del índice de CPU. Lo demás sale de donde diga pip.

    Así ningún otro paquete sale de ese índice. Después, pip da por cumplido «torch».
    """
    opciones = ["--no-deps", "--index-url", INDICE_CPU, "torch"]
    codigo, registro = correr_pip(venv, opciones)
    if codigo and torch_pedido() == "cpu":
        guardar_registro(venv, registro)
    elif codigo:
        decir("No se pudo instalar el PyTorch de CPU: instalo el que encuentre pip.")


# --- Instalar -----------------------------------------------------------------------


def correr_pip(venv, opciones):
    """Corre «pip install» y cuenta lo que tarda. Devuelve (código, lo que escribió)."""
    orden = [python_de(venv), "-m", "pip", "install"]
    orden += ["--progress-bar", "off", "--disable-pip-version-check"]
    if versiones_nuevas():
        orden += ["--upgrade", "--upgrade-strategy", "eager"]
    else:
        orden += ["-c", os.path.join(RAIZ, "requisitos.lock")]
    lineas = []
    proceso = subprocess.Popen(
        orden + opciones,
        cwd=RAIZ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(os.environ, PYTHONUTF8="1"),
        **heredar(),
    )
    for cruda in proceso.stdout:
        linea = cruda.decode("utf-8", "replace").rstrip()
        lineas.append(linea)
        tramo = re.match(r"\s*Downloading (\S+) \(([\d.]+) (MB|GB)\)", linea)
        if tramo and (tramo.group(3) == "GB" or float(tramo.group(2)) >= 5):
            nombre = tramo.group(1).split("/")[-1].split("-")[0]
            decir("  descargo %s (%s %s)" % ((nombre,) + tramo.groups()[1:]))
        elif linea.startswith("Installing collected packages"):
            cuantos = len(linea.split(","))
            decir("  instalo %d paquete%s" % (cuantos, "s" if cuantos > 1 else ""))
    return proceso.wait(), "\n".join(lineas)


def guardar_registro(venv, registro):
    """Guarda lo que escribió un pip que falló, y lo explica en una frase."""
    # pip deshace lo suyo si falla; si lo matan, no llega aquí y la marca queda.
    os.remove(os.path.join(venv, MARCA))
    ruta = os.path.join(venv, "taller-instalacion.txt")
    escribir_texto(ruta, registro + "\n")
    raise Problema("%s (Detalle en %s)" % (explicar_fallo(registro), ruta))


def espacio_necesario(nivel):
    """Gigas libres que hacen falta para instalar un nivel en este equipo."""
    if nivel == "todo" and puede_traer_cuda():
        pedido = torch_pedido()
        if pedido == "cuda" or (pedido == "auto" and hay_nvidia()):
            return ESPACIO["con CUDA"]
    return ESPACIO[nivel]


def instalar(venv, nivel):
    """Instala un nivel con pip y deja el sello. Si falla, no queda sello."""
    necesario = espacio_necesario(nivel)
    libre = espacio_libre(venv)
    if libre < necesario:
        raise Problema(
            "Hacen falta %.1f GB libres para instalar y en %s quedan %.1f: libera "
            "espacio o elige otro disco con TALLER_VENV." % (necesario, venv, libre)
        )
    marca = os.path.join(venv, MARCA)
    # Uno ajeno no se borra nunca: si solo le falta pip, se le pone.
    if es_propio(venv):
        sirve = funciona(venv) and not os.path.exists(marca)
    else:
        sirve = funciona(venv) or poner_pip(venv)
    if not sirve:
        crear_entorno(venv)
    sello = os.path.join(venv, SELLO)
    if os.path.exists(sello):
        os.remove(sello)
    decir(
        "Instalo lo que necesita %s. La primera vez tarda unos minutos."
        % ("el sitio" if nivel == "libro" else "el curso completo")
    )
    inicio = time.time()
    de_cpu = nivel == "todo" and quiere_torch_de_cpu(venv)
    escribir_texto(marca, "Si ves este archivo, una instalación se cortó a la mitad.\n")
    if de_cpu:
        instalar_torch_de_cpu(venv)
    codigo, registro = correr_pip(venv, pedidos(nivel))
    if codigo != 0:
        guardar_registro(venv, registro)
    datos = {"huella": huella_de_requisitos(), "nivel": nivel}
    escribir_texto(sello, json.dumps(datos))
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
        lo_que_existe(venv)  # junto a él se escribe el cerrojo
        with cerrojo_del_entorno(venv):
            if not al_dia():
                # Lo que ya estaba completo sigue completo al cambiar de versión.
                completo = leer_sello(venv).get("nivel") == "todo"
                instalar(venv, "todo" if completo else nivel)
    return python_de(venv)
