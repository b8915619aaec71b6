"""Instala el curso desde esta carpeta, sin red.

    python instalar.py                      en «de-tokens-a-qlora», en tu carpeta
    python instalar.py --destino CARPETA    en otra
    python instalar.py --sirve              solo dice si este equipo sirve

Antes de escribir nada revisa el equipo, las huellas y el espacio. Si se corta, repite:
empieza el entorno de nuevo y no toca lo que ya escribiste en `mis_cuadernos`.

Solo usa la biblioteca estándar y se puede leer desde Python 3.6.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import time

AQUI = os.path.dirname(os.path.abspath(__file__))
CARPETA = "de-tokens-a-qlora"
MARCA = ".instalando"  # existe mientras la instalación está a medias
HECHO = ".instalado.json"
MARGEN = 1.1  # el disco guarda cada archivo en bloques enteros
# Lo más viejo en que funcionan las ruedas que elige herramientas/usb/destinos.py.
GLIBC = (2, 28)
MACOS = (14, 0)


class Problema(Exception):
    """Algo que la persona puede resolver. Su texto es la frase que verá."""


def decir(texto):
    """Imprime sin esperar."""
    print(texto, flush=True)


def barra(que, hecho, total):
    """Dibuja cuánto va, en la misma línea; sin terminal, no dibuja nada."""
    if sys.stdout.isatty():
        parte = min(1.0, hecho / float(max(1, total)))
        llenos = int(20 * parte)
        dibujo = "█" * llenos + "·" * (20 - llenos)
        fin = "\n" if hecho >= total else ""
        print(f"\r  {dibujo} {100 * parte:3.0f} % {que}", end=fin, flush=True)


def leer_contenido(aqui=AQUI):
    """Lo que trae el paquete."""
    try:
        with open(os.path.join(aqui, "contenido.json"), encoding="utf-8") as archivo:
            return json.load(archivo)
    except (OSError, ValueError) as error:
        raise Problema(
            "Falta contenido.json o está dañado: copia otra vez el paquete entero."
        ) from error


def numeros(version):
    """«2.36» como (2, 36), para comparar."""
    return tuple(int(parte) for parte in version.split(".")[:2] if parte.isdigit())


def lo_que_falta(sistema, python):
    """Por qué este equipo no puede con las bibliotecas del paquete; vacía si puede."""
    if sys.maxsize < 2**32:
        return (
            "Este Python es de 32 bits y las bibliotecas son de 64: instala el Python "
            f"{python} de 64 bits y repite."
        )
    if sistema == "Linux":
        biblioteca, cual = platform.libc_ver()
        pide = ".".join(str(n) for n in GLIBC)
        if biblioteca != "glibc":
            return (
                "Este Linux no usa glibc, como Alpine, y las bibliotecas la piden: usa "
                f"otro que traiga glibc {pide} o posterior, como Debian o Ubuntu."
            )
        if numeros(cual) < GLIBC:
            return (
                f"Este Linux trae glibc {cual} y las bibliotecas piden la {pide}: "
                "actualiza el sistema, o usa otro equipo."
            )
    # Un Mac con procesador de Apple no tuvo la 10: «10.16» es no saber cuál tiene.
    macos = platform.mac_ver()[0]
    if sistema == "Darwin" and (11,) <= numeros(macos) < MACOS:
        return (
            f"Este macOS es {macos} y las bibliotecas piden el {MACOS[0]} o posterior: "
            "actualízalo y repite."
        )
    return ""


def elegir(contenido, sistema=None, maquina=None, version=None):
    """El nombre del destino que corresponde a este equipo y este Python."""
    sistema = sistema or platform.system()
    maquina = maquina or platform.machine()
    version = version or ".".join(str(n) for n in sys.version_info[:2])
    destinos = contenido["destinos"]
    leer = ""
    if "sitio/index.html" in contenido["archivos"]:
        leer = " Para solo leer el curso, abre abre-el-curso.html."
    if not destinos:
        raise Problema(f"Este paquete no trae bibliotecas que instalar.{leer}")
    del_equipo = {
        nombre: d
        for nombre, d in destinos.items()
        if (d["sistema"], d["maquina"].lower()) == (sistema, maquina.lower())
    }
    if not del_equipo:
        trae = ", ".join(sorted({d["dicho"] for d in destinos.values()}))
        raise Problema(
            f"Este equipo es {sistema} ({maquina}) y el paquete trae: {trae}. Pide uno "
            f"para este equipo.{leer}"
        )
    for nombre, d in del_equipo.items():
        if d["python"] == version:
            falta = lo_que_falta(sistema, version)
            if falta:
                raise Problema(falta + leer)
            return nombre
    trae = " o ".join(sorted(d["python"] for d in del_equipo.values()))
    raise Problema(
        f"Este Python es {version} y el paquete trae bibliotecas para Python {trae}: "
        f"instala uno de esos, o pide un paquete para este.{leer}"
    )


def comprobar_modulos():
    """Para si a este Python le falta con qué crear entornos."""
    for modulo in ("venv", "ensurepip"):
        if importlib.util.find_spec(modulo) is None:
            numero = ".".join(str(n) for n in sys.version_info[:2])
            raise Problema(
                f"A este Python le falta el módulo {modulo}: en Debian o Ubuntu es el "
                f"paquete python{numero}-venv; en otro sistema, reinstala Python."
            )


def necesarios(contenido, destino):
    """Los archivos del paquete que usa un destino: sobran las ruedas de los demás."""
    ruedas = {"ruedas/" + n for n in contenido["destinos"][destino]["ruedas"]}
    return {
        nombre: datos
        for nombre, datos in contenido["archivos"].items()
        if not nombre.startswith("ruedas/") or nombre in ruedas
    }


def huella_de(ruta):
    """SHA-256 de un archivo, en hexadecimal."""
    suma = hashlib.sha256()
    with open(ruta, "rb") as archivo:
        for trozo in iter(lambda: archivo.read(2**20), b""):
            suma.update(trozo)
    return suma.hexdigest()


def comprobar_huellas(aqui, archivos):
    """Lee cada archivo y para en el primero que falta o no es el que se empaquetó."""
    total, hecho = sum(pesa for _, pesa in archivos.values()), 0
    decir(f"Reviso que todo llegó entero ({total / 1e6:.0f} MB)…")
    for nombre, (huella, pesa) in sorted(archivos.items()):
        try:
            hallada = huella_de(os.path.join(aqui, *nombre.split("/")))
        except OSError as error:
            raise Problema(
                f"Falta {nombre}: la copia no está entera; cópiala otra vez."
            ) from error
        if hallada != huella:
            raise Problema(f"{nombre} está dañado: copia otra vez el paquete entero.")
        hecho += pesa
        barra("revisado", hecho, total)


def comprobar_espacio(carpeta, hacen_falta):
    """Para si en el disco de una carpeta no cabe el curso instalado."""
    existe = carpeta
    while not os.path.isdir(existe):
        dentro, existe = existe, os.path.dirname(existe)
        if existe == dentro:
            raise Problema(
                f"No existe {existe}: conecta ese disco, o elige otro con --destino."
            )
    libre = shutil.disk_usage(existe).free
    if libre < hacen_falta:
        raise Problema(
            f"Hacen falta {hacen_falta / 1e9:.1f} GB libres en {existe} y hay "
            f"{libre / 1e9:.1f}: libera espacio, o elige otro disco con --destino."
        )


def comprobar_destino(carpeta):
    """Para si la carpeta ya tiene algo que no dejó este instalador."""
    if os.path.isdir(carpeta) and os.listdir(carpeta):
        propios = (MARCA, HECHO)
        if not any(os.path.exists(os.path.join(carpeta, n)) for n in propios):
            raise Problema(
                f"{carpeta} no está vacía y no la hizo este instalador: elige otra con "
                "--destino."
            )


def por_copiar(archivos):
    """De los archivos de un paquete, los que se copian, con su huella."""
    return {
        nombre: huella
        for nombre, (huella, _) in archivos.items()
        if nombre.startswith(("curso/", "sitio/"))
    }


def quitar_sobrantes(carpeta, archivos):
    """Borra lo que copió una instalación anterior y este paquete ya no trae.

    Lo que alguien cambió después se queda.
    """
    try:
        with open(os.path.join(carpeta, HECHO), encoding="utf-8") as archivo:
            viejos = json.load(archivo).get("copiados", {})
    except (OSError, ValueError):
        return
    for nombre in sorted(set(viejos) - set(archivos)):
        ruta = os.path.join(carpeta, *nombre.split("/"))
        if os.path.isfile(ruta) and huella_de(ruta) == viejos[nombre]:
            os.remove(ruta)


def copiar(aqui, carpeta, archivos):
    """Copia el curso y el sitio. Lo que haya en `mis_cuadernos` no se toca."""
    suyos = por_copiar(archivos)
    for hecho, nombre in enumerate(sorted(suyos), 1):
        destino = os.path.join(carpeta, *nombre.split("/"))
        os.makedirs(os.path.dirname(destino), exist_ok=True)
        shutil.copyfile(os.path.join(aqui, *nombre.split("/")), destino)
        barra("copiado", hecho, len(suyos))


def python_de(entorno):
    """El ejecutable de un entorno."""
    if os.name == "nt":
        return os.path.join(entorno, "Scripts", "python.exe")
    return os.path.join(entorno, "bin", "python")


def fichas(entorno):
    """Cuántos paquetes hay instalados en un entorno."""
    lugares = [os.path.join(entorno, "Lib", "site-packages")]
    biblioteca = os.path.join(entorno, "lib")
    if os.name != "nt" and os.path.isdir(biblioteca):
        lugares = [
            os.path.join(biblioteca, n, "site-packages") for n in os.listdir(biblioteca)
        ]
    return sum(
        nombre.endswith(".dist-info")
        for lugar in lugares
        if os.path.isdir(lugar)
        for nombre in os.listdir(lugar)
    )


def correr(orden, registro, cuantos=0, entorno=""):
    """Ejecuta un programa, guarda lo que dice y, si son muchos paquetes, los cuenta."""
    variables = dict(os.environ, PYTHONUTF8="1", PIP_NO_INDEX="1", PIP_NO_INPUT="1")
    # Ni la configuración de pip ni otros módulos de este equipo cambian lo que se hace.
    for nombre in list(variables):
        if nombre.startswith("PIP_") and nombre not in ("PIP_NO_INDEX", "PIP_NO_INPUT"):
            del variables[nombre]
    variables.update(PIP_CONFIG_FILE=os.devnull, PIP_DISABLE_PIP_VERSION_CHECK="1")
    variables.pop("PYTHONPATH", None)
    with open(registro, "ab") as salida:
        proceso = subprocess.Popen(
            orden, stdout=salida, stderr=subprocess.STDOUT, env=variables
        )
        while proceso.poll() is None:
            time.sleep(0.5)
            if cuantos:
                barra("instalado", min(fichas(entorno), cuantos - 1), cuantos)
    return proceso.returncode


def instalar(aqui, carpeta, contenido, destino):
    """Crea el entorno e instala las ruedas y el curso."""
    datos = contenido["destinos"][destino]
    entorno = os.path.join(carpeta, "entorno")
    registro = os.path.join(carpeta, "instalacion.txt")
    if os.path.isdir(entorno):
        shutil.rmtree(entorno)
    decir("Creo el entorno…")
    if correr([sys.executable, "-m", "venv", entorno], registro):
        raise Problema(f"No se pudo crear el entorno: el detalle está en {registro}.")
    pedidos = os.path.join(carpeta, "pedidos.txt")
    with open(pedidos, "w", encoding="utf-8") as archivo:
        for rueda in datos["ruedas"]:
            nombre, version = rueda.split("-")[:2]
            archivo.write(f"{nombre}=={version}\n")
    decir(f"Instalo {len(datos['ruedas'])} bibliotecas; tarda unos minutos…")
    pip = [python_de(entorno), "-m", "pip", "install", "--no-index", "--no-deps"]
    ruedas = os.path.join(aqui, "ruedas")
    orden = pip + ["--find-links", ruedas, "-r", pedidos]
    codigo = correr(orden, registro, len(datos["ruedas"]), entorno)
    if not codigo:
        curso = os.path.join(carpeta, "curso")
        codigo = correr(pip + ["--no-build-isolation", "-e", curso], registro)
    if codigo:
        raise Problema(
            f"pip no pudo instalar: el detalle está al final de {registro}. Si dice "
            "«No space left», libera espacio y repite."
        )
    os.remove(pedidos)


def dejar_puerta(carpeta):
    """Escribe con qué se abre el curso y devuelve la orden."""
    if os.name == "nt":
        nombre, fin = "abrir.bat", "\r\n"
        lineas = [
            "@echo off",
            'cd /d "%~dp0curso"',
            '"%~dp0entorno\\Scripts\\python.exe" -m herramientas.usb.abrir %*',
            "pause",
        ]
    else:
        nombre, fin = "abrir.sh", "\n"
        lineas = [
            "#!/bin/sh",
            'cd "$(dirname "$0")/curso" || exit 1',
            'exec ../entorno/bin/python -m herramientas.usb.abrir "$@"',
        ]
    ruta = os.path.join(carpeta, nombre)
    with open(ruta, "w", encoding="utf-8", newline="") as archivo:
        archivo.write(fin.join(lineas) + fin)
    if os.name != "nt":
        os.chmod(ruta, 0o755)
        return f'sh "{ruta}"'
    return ruta


def principal(argumentos=None, aqui=AQUI):
    """Instala y devuelve el código de salida."""
    for flujo in (sys.stdout, sys.stderr):
        if hasattr(flujo, "reconfigure"):
            flujo.reconfigure(errors="replace")
    p = argparse.ArgumentParser(
        description="Instala el curso sin red.", allow_abbrev=False
    )
    p.add_argument("--destino", default=os.path.join(os.path.expanduser("~"), CARPETA))
    p.add_argument("--sirve", action="store_true", help="solo mira si el equipo sirve")
    a = p.parse_args(argumentos)
    carpeta = os.path.abspath(os.path.expanduser(a.destino))
    try:
        contenido = leer_contenido(aqui)
        destino = elegir(contenido)
        comprobar_modulos()
        if a.sirve:
            decir(f"Sirve: {destino}.")
            return 0
        comprobar_destino(carpeta)
        archivos = necesarios(contenido, destino)
        copiados = sum(
            pesa for n, (_, pesa) in archivos.items() if not n.startswith("ruedas/")
        )
        instaladas = contenido["destinos"][destino]["instaladas_bytes"]
        comprobar_espacio(carpeta, MARGEN * (copiados + instaladas))
        comprobar_huellas(aqui, archivos)
        os.makedirs(carpeta, exist_ok=True)
        marca = os.path.join(carpeta, MARCA)
        with open(marca, "w", encoding="utf-8") as archivo:
            archivo.write("Si ves este archivo, la instalación se cortó: repítela.\n")
        quitar_sobrantes(carpeta, archivos)
        copiar(aqui, carpeta, archivos)
        instalar(aqui, carpeta, contenido, destino)
        orden = dejar_puerta(carpeta)
        with open(os.path.join(carpeta, HECHO), "w", encoding="utf-8") as archivo:
            hecho = {"version": contenido["version"], "destino": destino}
            json.dump(dict(hecho, copiados=por_copiar(archivos)), archivo)
        os.remove(marca)
    except Problema as problema:
        print(str(problema), file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        print(
            f"No se pudo escribir en {error.filename or carpeta} ({error.strerror}): "
            "revisa el espacio y los permisos, o elige otra carpeta con --destino.",
            file=sys.stderr,
            flush=True,
        )
        return 1
    except KeyboardInterrupt:
        decir("\nDetenido. Repite la orden para seguir.")
        return 130
    decir(f"Listo. Para abrir el curso:  {orden}")
    return 0


if __name__ == "__main__":
    sys.exit(principal())
