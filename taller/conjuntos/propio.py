"""Una carpeta de quien aprende, con sus tres archivos, leída y revisada."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from ..errores import ErrorDelTaller
from .jsonl import leer_jsonl

PARTICIONES = ("entrenamiento", "validacion", "prueba")
TAREAS = ("clasificar", "reescribir")
# Lo menos que se acepta: con menos filas, ni se aprende ni se mide.
MINIMO = {"entrenamiento": 20, "validacion": 10, "prueba": 10}


def sencillo(texto: str) -> str:
    """El texto en minúsculas, en NFC, sin signos y con un espacio entre palabras."""
    texto = unicodedata.normalize("NFC", texto).lower()
    return " ".join("".join(c if c.isalnum() else " " for c in texto).split())


def leer_carpeta(
    carpeta: str | Path,
    entrada: str,
    salida: str,
    tarea: str = "clasificar",
    minimo: dict[str, int] | None = None,
) -> dict[str, list[dict]]:
    """Las filas de entrenamiento.jsonl, validacion.jsonl y prueba.jsonl, revisadas.

    Argumentos: `entrada` y `salida`, los campos con el texto y con su respuesta; puede
    haber otros campos. `tarea`, una de TAREAS. `minimo`, las filas que debe traer cada
    archivo (por omisión, MINIMO).
    Devuelve un diccionario de partición a lista de filas, cada una con «entrada»,
    «salida» y «donde», que dice su archivo y su línea; los dos textos, en NFC.
    Errores: ErrorDelTaller, con una frase que dice archivo y línea, si falta la carpeta
    o un archivo, hay pocas filas, falta un campo o está vacío, un texto se repite en
    dos líneas, o una etiqueta no aparece en el entrenamiento.
    """
    if tarea not in TAREAS:
        raise ErrorDelTaller(f"La tarea es «{tarea}»; usa: {', '.join(TAREAS)}.")
    if entrada == salida:
        raise ErrorDelTaller(
            f"La entrada y la salida son el mismo campo, «{entrada}»: son dos."
        )
    carpeta = Path(carpeta)
    if not carpeta.is_dir():
        raise ErrorDelTaller(f"No existe la carpeta {carpeta}. Revisa CARPETA.")
    minimo = MINIMO if minimo is None else minimo
    partes = {}
    for parte in PARTICIONES:
        partes[parte] = _leer_parte(carpeta / f"{parte}.jsonl", entrada, salida)
        if len(partes[parte]) < minimo[parte]:
            raise ErrorDelTaller(
                f"{carpeta / parte}.jsonl trae {len(partes[parte])} filas y hacen "
                f"falta {minimo[parte]} o más."
            )
    _sin_repetidas(partes)
    if tarea == "clasificar":
        _sin_etiquetas_nuevas(partes, salida)
    return partes


def _leer_parte(ruta: Path, entrada: str, salida: str) -> list[dict]:
    if not ruta.is_file():
        raise ErrorDelTaller(
            f"Falta el archivo {ruta}. La carpeta debe traer: "
            f"{', '.join(f'{p}.jsonl' for p in PARTICIONES)}."
        )
    try:
        lineas = ruta.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as causa:
        raise ErrorDelTaller(f"No se pudo leer {ruta}: revisa permisos.") from causa
    llenas = [linea.decode("utf-8", "replace").strip() for linea in lineas]
    numeros = [n for n, linea in enumerate(llenas, start=1) if linea]
    if not numeros:
        raise ErrorDelTaller(f"{ruta} está vacío: escribe una fila por línea.")
    _exigir_jsonl(ruta, llenas, numeros[0])
    filas = leer_jsonl(ruta, revisar=lambda fila: _falla(fila, entrada, salida))
    return [
        {
            "entrada": _en_nfc(fila[entrada]),
            "salida": _en_nfc(fila[salida]),
            "donde": f"{ruta}, línea {numero}",
        }
        for fila, numero in zip(filas, numeros, strict=True)
    ]


def _exigir_jsonl(ruta: Path, lineas: list[str], primera: int) -> None:
    """Error si las líneas son de otra clase de archivo, que se reconoce a la vista.

    Argumentos: `primera`, el número de la primera línea que no está en blanco.
    """
    texto = lineas[primera - 1]
    if texto.startswith("["):
        raise ErrorDelTaller(
            f"{ruta} es una lista de JSON: escribe una fila por línea, sin corchetes "
            "ni comas entre filas."
        )
    if not texto.startswith("{") and "\ufffd" not in texto:
        raise ErrorDelTaller(
            f"{ruta} no parece JSONL: su primera línea es «{_corto(texto)}». Si es un "
            "CSV, conviértelo con la celda de la sección 1 de «Tu dominio»."
        )
    for numero, linea in enumerate(lineas, start=1):
        if linea == "{":
            raise ErrorDelTaller(
                f"{ruta}, línea {numero}: la fila está partida en varias líneas. "
                "Escribe cada una entera en una sola: con "
                "json.dumps(fila, ensure_ascii=False), sin indent."
            )
        if linea.startswith("{") and linea.endswith("},"):
            raise ErrorDelTaller(
                f"{ruta}, línea {numero}: sobra la coma al final de la línea."
            )


def _en_nfc(texto: str) -> str:
    """Sin espacios a los lados y con cada tilde en una sola pieza.

    Al copiar de un PDF o en macOS llegan en dos, la letra y la tilde.
    """
    return unicodedata.normalize("NFC", texto.strip())


def _falla(fila: dict, entrada: str, salida: str) -> str | None:
    """Por qué una fila no sirve, o nada."""
    for campo in (entrada, salida):
        if campo not in fila:
            hay = ", ".join(fila) or "ninguno"
            return f"falta el campo «{campo}». Los que trae: {hay}."
        if not isinstance(fila[campo], str):
            llego = _corto(json.dumps(fila[campo], ensure_ascii=False))
            return f"«{campo}» debe ser un texto entre comillas, y llegó {llego}."
        if not fila[campo].strip():
            return f"«{campo}» está vacío."
    if not sencillo(fila[entrada]):
        return f"«{entrada}» no trae ninguna letra ni cifra."
    return None


def _sin_repetidas(partes: dict[str, list[dict]]) -> None:
    """Error si un texto está dos veces: entre particiones, fuga; en una, copia."""
    vistos: dict[str, dict] = {}
    for fila in (f for filas in partes.values() for f in filas):
        otra = vistos.setdefault(sencillo(fila["entrada"]), fila)
        if otra is fila:
            continue
        ya = f"ya está en {otra['donde']}."
        if otra["entrada"] != fila["entrada"]:
            ya = (
                f"ya está, sin contar mayúsculas ni signos, en {otra['donde']}: "
                f"«{_corto(otra['entrada'])}»."
            )
        raise ErrorDelTaller(
            f"{fila['donde']}: el texto «{_corto(fila['entrada'])}» {ya} Deja uno solo."
        )


def _sin_etiquetas_nuevas(partes: dict[str, list[dict]], salida: str) -> None:
    vistas: dict[str, dict] = {}
    for fila in (f for filas in partes.values() for f in filas):
        # una etiqueta hecha solo de signos, como «+», va tal cual
        clave = sencillo(fila["salida"]) or fila["salida"]
        otra = vistas.setdefault(clave, fila)
        if otra["salida"] != fila["salida"]:
            raise ErrorDelTaller(
                f"{fila['donde']}: la etiqueta «{_corto(fila['salida'])}» solo cambia "
                f"en mayúsculas o signos de «{_corto(otra['salida'])}». Si son la "
                "misma, escríbelas igual; si son dos, nómbralas con letras distintas."
            )
    hay = sorted({fila["salida"] for fila in partes["entrenamiento"]})
    if len(hay) < 2:
        raise ErrorDelTaller(
            f"El entrenamiento trae una sola etiqueta, «{hay[0]}»: no hay nada que "
            "aprender a distinguir."
        )
    for filas in (partes["validacion"], partes["prueba"]):
        for fila in filas:
            if fila["salida"] not in hay:
                raise ErrorDelTaller(
                    f"{fila['donde']}: la etiqueta «{_corto(fila['salida'])}» de "
                    f"«{salida}» no está en el entrenamiento. Están: "
                    f"{', '.join(map(_corto, hay[:8]))}."
                )


def _corto(texto: str, tope: int = 40) -> str:
    return texto if len(texto) <= tope else texto[:tope] + "…"


def consigna_lista(consigna: str) -> str:
    """La consigna, si tiene un solo hueco «{}» para el texto.

    Errores: ErrorDelTaller si le falta el hueco, le sobra o lleva otra llave.
    """
    try:
        huecos = [n for _, n, _, _ in string.Formatter().parse(consigna)]
    except ValueError:
        huecos = []
    if [n for n in huecos if n is not None] != [""]:
        raise ErrorDelTaller(
            f"La consigna «{consigna}» debe llevar una vez {{}}, donde va el texto."
        )
    return consigna


def nombre_listo(nombre: str) -> str:
    """El nombre, si el hub lo aceptaría para un repositorio.

    Errores: ErrorDelTaller si lleva tildes, espacios u otros signos, es muy largo o
    termina en «.git».
    """
    if (
        not re.fullmatch(r"[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*", nombre)
        or len(nombre) > 80
        or nombre.endswith(".git")
    ):
        raise ErrorDelTaller(
            f"El nombre «{_corto(nombre)}» no sirve: letras sin tilde y cifras, con "
            "guiones entre ellas, 80 signos o menos y sin «.git» al final, como "
            "consultas-del-campo."
        )
    return nombre


def exigir_que_quepan(
    partes: dict[str, list[dict]], largos: Iterable[int], tope: int
) -> int:
    """El mayor largo en tokens; `largos`, uno por fila, en el orden de `partes`.

    Errores: ErrorDelTaller si una fila pasa de `tope` tokens, con archivo y línea.
    """
    filas = [fila for parte in partes.values() for fila in parte]
    mayor = 0
    for fila, largo in zip(filas, largos, strict=True):
        if largo > tope:
            raise ErrorDelTaller(
                f"{fila['donde']}: con su respuesta ocupa {largo} tokens y caben "
                f"{tope}. Acórtala o pártela."
            )
        mayor = max(mayor, largo)
    return mayor
