"""Leer y escribir los cuadernos del curso: rutas, celdas, secciones y minutos.

Lo usan los demás programas de esta carpeta y las pruebas de estilo, para que «qué
es una sección» o «cuántos minutos dura» se decida en un solo lugar.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from herramientas.archivos import NOTEBOOKS, RAIZ, escribir_texto
from herramientas.cuadernos.lenguas import ESPANOL, LENGUAS, Lengua, lengua_de

# Con estas variables se ejecuta todo cuaderno fuera de las manos de una persona.
ENTORNO = {
    "TALLER_PERFIL": "semilla",
    "TALLER_ESTATICO": "1",
    "HF_HUB_OFFLINE": "1",
    "PYTHONHASHSEED": "0",
    # Los hilos cambian el orden de las sumas: con un número fijo, salidas iguales.
    "TALLER_HILOS": "2",
    "GOMP_SPINCOUNT": "1000",  # la espera corta de taller/hilos.py
}

# Los extras de pyproject.toml que usa una sola lección: los instala su primera celda.
DE_LECCION = ("corpus", "despliegue", "demo", "escala")

ENCABEZADO = re.compile(r"^(#{1,6}) +(.+?)\s*#*$")
SECCION = re.compile(r"^(?P<titulo>.+?)(?: · (?P<minutos>\d+) min)?$")


class ErrorDeCuaderno(Exception):
    """Un problema que la persona puede resolver; su texto ya está en español."""


@dataclass(frozen=True)
class Seccion:
    """Una sección de segundo nivel. `minutos` es None si el título no los dice."""

    titulo: str
    minutos: int | None
    celda: int


@dataclass(frozen=True)
class Minutos:
    """Los minutos que promete la primera celda."""

    lectura: int
    en_vivo: int
    ejecucion: int


def rutas(nombres: list[str] | tuple = (), carpeta: Path = NOTEBOOKS) -> list[Path]:
    """Rutas de los cuadernos pedidos («01», «01_tokenizacion» o una ruta); sin
    nombres, todos los del curso en español. Una traducción se pide con su nombre
    entero. Lanza ErrorDeCuaderno si un nombre no existe o es ambiguo."""
    todas = sorted(carpeta.glob("*.ipynb"))
    otras = traducciones(carpeta)
    if not nombres:
        return todas
    elegidas = []
    for nombre in nombres:
        if nombre.endswith(".ipynb") and Path(nombre).is_file():
            elegidas.append(Path(nombre).resolve())
            continue
        pedido = Path(nombre).stem
        iguales = [r for r in todas + otras if r.stem == pedido]
        parecidas = iguales or [r for r in todas if r.stem.startswith(pedido)]
        if len(parecidas) != 1:
            hay = ", ".join(r.stem for r in parecidas or todas) or "ninguno"
            problema = "es ambiguo" if parecidas else "no existe"
            raise ErrorDeCuaderno(f"El cuaderno «{nombre}» {problema}. Hay: {hay}.")
        elegidas += parecidas
    return elegidas


def traducciones(carpeta: Path = NOTEBOOKS) -> list[Path]:
    """Las lecciones en otras lenguas: `carpeta`/pt/*.ipynb y las demás."""
    return sorted(r for lengua in LENGUAS for r in (carpeta / lengua).glob("*.ipynb"))


def leer(ruta: Path) -> NotebookNode:
    """Lee un cuaderno. Lanza ErrorDeCuaderno si no se puede leer o no es válido."""
    try:
        cuaderno = nbformat.read(ruta, as_version=4)
        nbformat.validate(cuaderno)
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as error:
        causa = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ErrorDeCuaderno(
            f"No se puede leer {ruta.name}: no es un cuaderno válido ({causa}). "
            "Recupera la última versión con git."
        ) from error
    return cuaderno


def guardar(cuaderno: NotebookNode, ruta: Path) -> None:
    """Valida el cuaderno y lo escribe de una vez."""
    nbformat.validate(cuaderno)
    escribir_texto(ruta, nbformat.writes(cuaderno).rstrip("\n") + "\n")


def etiquetas(celda: NotebookNode) -> set[str]:
    """Las etiquetas (`tags`) de una celda."""
    return set(celda.get("metadata", {}).get("tags", []))


def de_codigo(cuaderno: NotebookNode) -> list[NotebookNode]:
    """Las celdas de código, en orden."""
    return [c for c in cuaderno.cells if c.cell_type == "code"]


def primera_linea(celda: NotebookNode) -> str:
    """La primera línea con texto de una celda, para nombrarla en un mensaje."""
    return next((x.strip() for x in celda.source.splitlines() if x.strip()), "(vacía)")


def sin_bloques(texto: str) -> str:
    """El Markdown sin sus bloques de código cercados con ``` o ~~~."""
    return re.sub(r"(?ms)^ *(```+|~~~+).*?^ *\1 *$", "", texto)


def encabezados(celda: NotebookNode) -> list[tuple[int, str]]:
    """Pares (nivel, título) de una celda de Markdown."""
    if celda.cell_type != "markdown":
        return []
    lineas = sin_bloques(celda.source).splitlines()
    hallados = [ENCABEZADO.match(linea) for linea in lineas]
    return [(len(m[1]), m[2]) for m in hallados if m]


def secciones(cuaderno: NotebookNode) -> list[Seccion]:
    """Las secciones (`## …`), con los minutos en vivo que dice su título."""
    lista = []
    for i, celda in enumerate(cuaderno.cells):
        for nivel, texto in encabezados(celda):
            if nivel == 2:
                m = SECCION.match(texto)
                minutos = int(m["minutos"]) if m["minutos"] else None
                lista.append(Seccion(m["titulo"], minutos, i))
    return lista


def minutos(cuaderno: NotebookNode) -> Minutos | None:
    """Los minutos de la primera celda, o None si la línea falta o está mal escrita."""
    if not cuaderno.cells:
        return None
    m = lengua_de(cuaderno).linea_de_minutos.search(cuaderno.cells[0].source)
    return Minutos(*map(int, m.groups())) if m else None


def proyecto(raiz: Path = RAIZ) -> tuple[str, str]:
    """(dirección pública del repositorio, versión), de pyproject.toml."""
    datos = tomllib.loads((raiz / "pyproject.toml").read_text(encoding="utf-8"))
    return datos["project"]["urls"]["Repositorio"], datos["project"]["version"]


def sitio(raiz: Path = RAIZ) -> str:
    """La dirección pública del sitio, de pyproject.toml, terminada en «/»."""
    datos = tomllib.loads((raiz / "pyproject.toml").read_text(encoding="utf-8"))
    return datos["project"]["urls"]["Sitio"].rstrip("/") + "/"


def extra_de(cuaderno: NotebookNode, raiz: Path = RAIZ) -> str:
    """El extra de pyproject.toml que pide este cuaderno, o una cadena vacía.

    Es el de `DE_LECCION` con más paquetes importados en sus celdas; si dos empatan, el
    primero.
    """
    datos = tomllib.loads((raiz / "pyproject.toml").read_text(encoding="utf-8"))
    extras = datos["project"].get("optional-dependencies", {})
    codigo = "\n".join(celda.source for celda in de_codigo(cuaderno))
    importados = set(re.findall(r"(?m)^\s*(?:from|import) (\w+)", codigo))
    elegido, cuantos = "", 0
    for extra in DE_LECCION:
        nombres = [re.match(r"[\w-]+", linea)[0] for linea in extras.get(extra, [])]
        suyos = len({nombre.replace("-", "_") for nombre in nombres} & importados)
        if suyos > cuantos:
            elegido, cuantos = extra, suyos
    return elegido


def celda_instalar(
    url: str, version: str, extra: str = "", lengua: Lengua = ESPANOL
) -> str:
    """El código de la celda `instalar`; `extra`, lo que pide solo esta lección.

    Sus comentarios y su mensaje van en la lengua del cuaderno.
    """
    pedido = f'"{extra}"' if extra else ""
    codigo = (
        "# Instala el curso donde falta: Colab, Kaggle, Codespaces u otro Jupyter. En\n"
        "# una copia del repositorio no hace nada.\n"
        "# Si reinicias y lees «NameError: name … is not defined», ejecuta de nuevo\n"
        "# todas las celdas de arriba: menú «Ejecutar anteriores» (Run Above).\n"
        "import subprocess\n"
        "import sys\n"
        "from importlib.util import find_spec\n\n"
        'if find_spec("taller") is None:\n'
        f'    repositorio = "{url}"\n'
        f'    curso = f"taller @ {{repositorio}}/archive/refs/tags/v{version}.tar.gz"\n'
        '    orden = [sys.executable, "-m", "pip", "install", "--no-deps", curso]\n'
        "    if subprocess.run(orden).returncode:\n"
        "        raise RuntimeError(\n"
        '            "No se instaló el curso: revisa la conexión (en Kaggle, que "\n'
        '            "Internet esté activado) y ejecuta otra vez esta celda."\n'
        "        )\n"
        "import taller.hilos  # antes que torch: reparte bien los núcleos\n"
        "from taller.instalar import completar\n\n"
        f"completar({pedido})  # añade lo que falte y dice qué cambió"
    )
    for dicho, suyo in lengua.instalar:
        codigo = codigo.replace(dicho, suyo)
    return codigo
