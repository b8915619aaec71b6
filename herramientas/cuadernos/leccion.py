"""Empieza una lección nueva que ya cumple las reglas de estilo.

    make leccion ARGS="13 compresion"       una lección con número
    make leccion ARGS=museo_de_errores      una sin número

Escribe el cuaderno, su archivo de ejercicios y su sitio en `_toc.yml`, en la tabla de
la portada, en la guía de quien enseña y en README.md. O todo o nada: si algo falla,
los archivos quedan como estaban. El texto es de plantilla: dice qué escribir en cada
celda. `make ejecutar` guarda después sus salidas.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from herramientas.archivos import RAIZ, escribir_texto
from herramientas.cuadernos import indices
from herramientas.cuadernos.leer import ErrorDeCuaderno, celda_instalar, proyecto

PLANTILLAS = Path(__file__).resolve().parent / "plantillas"
USO = (
    'Di qué lección empiezas: make leccion ARGS="13 compresion", o '
    "make leccion ARGS=museo_de_errores si no lleva número."
)
NOMBRE = re.compile(r"[a-z]{2}[a-z0-9]*(_[a-z0-9]+)*")
LARGO = 40  # letras del nombre, como mucho
QUE_CONSTRUYES = "escribe aquí qué se construye, en una línea"
EN_LA_GUIA = (
    "Escribe aquí qué frase debe quedar, dónde detenerse, qué preguntar\n"
    "antes de ejecutar y qué saltar si vas tarde."
)


# --- Lo que se pide -----------------------------------------------------------------


def nombre_pedido(argumentos: list[str]) -> str:
    """El nombre del archivo: «13_compresion» o «museo_de_errores».

    Lanza ErrorDeCuaderno, con una frase, si falta o no sirve.
    """
    if not argumentos or len(argumentos) > 2:
        raise ErrorDeCuaderno(USO)
    pedido = "_".join(argumentos).removesuffix(".ipynb")
    cifras, _, resto = pedido.partition("_")
    if not cifras.isdigit():
        resto = pedido
        if len(argumentos) == 2:
            raise ErrorDeCuaderno(
                f"«{cifras}» no es un número de dos cifras; en un nombre de varias "
                "palabras, únelas con guiones bajos."
            )
    elif not re.fullmatch(r"[0-9]{2}", cifras):
        raise ErrorDeCuaderno(f"El número va con dos cifras: «{cifras}» no sirve.")
    elif not resto:
        raise ErrorDeCuaderno(f"A la {cifras} le falta el nombre. {USO}")
    if not NOMBRE.fullmatch(resto) or len(resto) > LARGO:
        raise ErrorDeCuaderno(
            f"«{resto}» no sirve de nombre: usa minúsculas sin tildes y guiones bajos, "
            f"como «compresion» o «tu_dominio», y no más de {LARGO} letras."
        )
    return pedido


def exigir_libre(nombre: str, raiz: Path) -> None:
    """Lanza ErrorDeCuaderno si el número, el nombre o los ejercicios ya existen."""
    inicio = indices.prefijo(nombre)
    for otra in indices.lecciones(raiz):
        if indices.prefijo(otra) == inicio:
            que = "número" if inicio.isdigit() else "comienzo"
            raise ErrorDeCuaderno(
                f"El {que} «{inicio}» ya es de notebooks/{otra}.ipynb: elige otro."
            )
    if ruta_de_ejercicios(nombre, raiz).exists():
        raise ErrorDeCuaderno(
            f"Ya existe taller/ejercicios/{indices.modulo_de_ejercicios(nombre)}.py: "
            "muévelo o elige otro nombre."
        )


def ruta_de_ejercicios(nombre: str, raiz: Path) -> Path:
    """El archivo con las comprobaciones de una lección."""
    modulo = indices.modulo_de_ejercicios(nombre)
    return raiz / "taller" / "ejercicios" / f"{modulo}.py"


def titulo_de(nombre: str) -> str:
    """El título: «13 · Compresión», «Anexo · Museo de errores» o «Tu dominio»."""
    n = indices.numero(nombre)
    palabras = (nombre if n is None else nombre[3:]).replace("_", " ")
    palabras = re.sub(r"([cs])ion\b", r"\1ión", palabras)
    palabras = palabras[:1].upper() + palabras[1:]
    if n is not None:
        return f"{n:02d} · {palabras}"
    parte = indices.PARTES[indices.lugar(nombre)[0]].titulo
    return f"Anexo · {palabras}" if parte == "Anexo" else palabras


# --- Los textos ---------------------------------------------------------------------


def _enlaces(nombre: str, raiz: Path) -> str:
    """La última línea: la lección anterior y la que sigue, en el orden del curso."""
    hay = sorted([*indices.lecciones(raiz), nombre], key=indices.lugar)
    puesto, enlaces = hay.index(nombre), []
    for rotulo, i in (("Antes", puesto - 1), ("Sigue", puesto + 1)):
        if 0 <= i < len(hay):
            otra = hay[i]
            enlace = f"[{indices.titulo(raiz, otra)}]({otra}.ipynb)"
            enlaces.append(f"**{rotulo}:** {enlace}")
    if puesto == len(hay) - 1:
        enlaces.append("**Sigue:** escribe aquí qué viene después.")
    return " · ".join(enlaces)


def _rellenar(plantilla: str, valores: dict[str, str]) -> str:
    texto = (PLANTILLAS / plantilla).read_text(encoding="utf-8")
    for clave, valor in valores.items():
        texto = texto.replace("{{" + clave + "}}", valor)
    return texto


def _celda(bloque: str, inicio: str, instalar: str):
    """Una celda de la plantilla: «=== clase nombre etiqueta…», su alt y su texto."""
    cabeza, _, cuerpo = bloque.partition("\n")
    clase, nombre, *etiquetas = cabeza.split()
    cuerpo = cuerpo.strip("\n")
    if clase == "md":
        celda = new_markdown_cell(cuerpo)
    else:
        alt = re.match(r"alt: (.+)\n", cuerpo)
        cuerpo = cuerpo[alt.end() :] if alt else cuerpo
        celda = new_code_cell(instalar if clase == "instalar" else cuerpo)
        if clase == "instalar":
            etiquetas = ["instalar"]
        if etiquetas:
            celda.metadata["tags"] = etiquetas
        if alt:
            celda.metadata["mystnb"] = {"image": {"alt": alt[1]}}
        if clase == "solucion":
            celda.metadata.update(cellView="form", jupyter={"source_hidden": True})
    celda.id = f"{inicio}-{nombre}"
    return celda


def cuaderno_nuevo(nombre: str, raiz: Path = RAIZ) -> str:
    """El texto del archivo .ipynb de una lección nueva, sin ejecutar."""
    inicio = indices.prefijo(nombre)
    valores = {
        "titulo": titulo_de(nombre),
        "prefijo": inicio,
        "modulo": indices.modulo_de_ejercicios(nombre),
        "enlaces": _enlaces(nombre, raiz),
    }
    _, *bloques = re.split(r"^=== ", _rellenar("leccion.txt", valores), flags=re.M)
    instalar = celda_instalar(*proyecto(raiz))
    cuaderno = new_notebook(cells=[_celda(b, inicio, instalar) for b in bloques])
    cuaderno.metadata["kernelspec"] = {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    }
    cuaderno.metadata["language_info"] = {
        "name": "python",
        "pygments_lexer": "ipython3",
    }
    nbformat.validate(cuaderno)
    return nbformat.writes(cuaderno).rstrip("\n") + "\n"


def textos(nombre: str, raiz: Path = RAIZ) -> dict[Path, str]:
    """Todos los archivos de la lección nueva y su texto; no escribe nada.

    Lanza ErrorDeCuaderno si un índice no se entiende.
    """
    titulo = titulo_de(nombre)
    hay = indices.lecciones(raiz)
    claves = {indices.clave(n, indices.titulo(raiz, n)): n for n in hay}
    entrada = f"**{titulo}.** {EN_LA_GUIA}"
    cambios = {
        indices.TOC: lambda t: indices.poner_en_toc(t, nombre),
        indices.PORTADA: lambda t: indices.poner_en_tabla(t, nombre, QUE_CONSTRUYES),
        indices.GUIA: lambda t: indices.poner_en_guia(t, nombre, entrada, claves),
        indices.LEEME: lambda t: indices.poner_en_leeme(t, [*hay, nombre]),
    }
    ejercicios = {"titulo": f"«{titulo}»", "prefijo": indices.prefijo(nombre)}
    nuevos = {
        ruta_de_ejercicios(nombre, raiz): _rellenar("ejercicios.txt", ejercicios),
        raiz / "notebooks" / f"{nombre}.ipynb": cuaderno_nuevo(nombre, raiz),
    }
    for archivo, cambiar in cambios.items():
        try:
            viejo = (raiz / archivo).read_text("utf-8")
            if (nuevo := cambiar(viejo)) != viejo:
                nuevos[raiz / archivo] = nuevo
        except indices.IndiceIncompleto as error:
            raise ErrorDeCuaderno(f"{archivo} {error}; corrígelo y repite.") from error
    return nuevos


# --- Escribir -----------------------------------------------------------------------


def escribir_todo(nuevos: dict[Path, str]) -> None:
    """Escribe todos los archivos; si uno falla, deja los demás como estaban."""
    viejos = {r: r.read_text("utf-8") if r.exists() else None for r in nuevos}
    tocados = []
    try:
        for ruta, texto in nuevos.items():
            tocados.append(ruta)
            escribir_texto(ruta, texto)
    except BaseException:
        for ruta in reversed(tocados):
            if viejos[ruta] is None:
                ruta.unlink(missing_ok=True)
            elif ruta.read_text("utf-8") != viejos[ruta]:
                escribir_texto(ruta, viejos[ruta])
        raise


def crear(nombre: str, raiz: Path = RAIZ) -> list[Path]:
    """Escribe la lección y sus entradas; devuelve los archivos escritos.

    Lanza ErrorDeCuaderno si ya hay otra en su lugar o un índice no se entiende.
    """
    exigir_libre(nombre, raiz)
    nuevos = textos(nombre, raiz)
    escribir_todo(nuevos)
    return list(nuevos)


def principal(argumentos: list[str] | None = None, raiz: Path = RAIZ) -> int:
    argumentos = sys.argv[1:] if argumentos is None else argumentos
    if argumentos and argumentos[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    try:
        nombre = nombre_pedido(argumentos)
        for ruta in crear(nombre, raiz):
            print(f"✓ {ruta.relative_to(raiz).as_posix()}")
    except (ErrorDeCuaderno, OSError) as error:
        frase = str(error)
        if isinstance(error, OSError):
            frase = f"No se pudo leer o escribir {error.filename}: {error.strerror}."
        print(f"✗ {frase} No se escribió nada.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrumpido: todo queda como estaba.", file=sys.stderr)
        return 130
    print(_y_ahora(nombre, raiz))
    return 0


def _y_ahora(nombre: str, raiz: Path) -> str:
    """Lo que sigue, para quien acaba de crear la lección."""
    hay = indices.lecciones(raiz)
    corto = nombre[:2] if indices.numero(nombre) is not None else nombre
    antes = hay[hay.index(nombre) - 1] if hay[0] != nombre else None
    return (
        "Escribe lo que piden las celdas «Escribe aquí…»"
        + (f" y enlázala al final de notebooks/{antes}.ipynb" if antes else "")
        + f".\nDespués, make ejecutar ARGS={corto} y make pruebas."
    )


if __name__ == "__main__":
    sys.exit(principal())
