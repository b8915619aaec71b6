"""Lee archivos JSONL y explica en español dónde está cada falla."""

import json
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from ..errores import ErrorDelTaller


def leer_jsonl(
    ruta: str | Path,
    campos: Iterable[str] = (),
    revisar: Callable[[dict], str | None] | None = None,
) -> list[dict]:
    """Devuelve una lista con un diccionario por línea del archivo.

    `campos` son los nombres que toda línea debe traer; `revisar` recibe cada fila y
    devuelve la frase que explica su falla, o nada. Las líneas en blanco se saltan.
    Lanza ErrorDelTaller si no hay archivo o, con archivo y número de línea, si una
    línea no es UTF-8, no es JSON válido, no es un objeto, le falta un campo o no pasa
    la revisión.
    """
    ruta = Path(ruta)
    if not ruta.is_file():
        raise ErrorDelTaller(
            f"No existe el archivo {ruta}. Revisa el nombre o reinstala el curso."
        )
    campos = list(campos)
    filas = []
    with ruta.open("rb") as archivo:
        for numero, cruda in enumerate(archivo, start=1):
            donde = f"{ruta}, línea {numero}"
            try:
                texto = cruda.decode("utf-8-sig" if numero == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise ErrorDelTaller(
                    f"{donde}: el texto no está en UTF-8. Guarda el archivo en UTF-8."
                ) from error
            if not texto:
                continue
            try:
                fila = json.loads(texto)
            except json.JSONDecodeError as error:
                raise ErrorDelTaller(
                    f"{donde}: no es JSON válido cerca de la columna {error.colno}. "
                    "Revisa comillas, comas y llaves de esa línea."
                ) from error
            if not isinstance(fila, dict):
                raise ErrorDelTaller(f"{donde}: se esperaba un objeto entre llaves.")
            faltan = [campo for campo in campos if campo not in fila]
            if faltan:
                raise ErrorDelTaller(
                    f"{donde}: falta el campo «{faltan[0]}». "
                    f"Cada línea debe traer: {', '.join(campos)}."
                )
            if revisar and (falla := revisar(fila)):
                raise ErrorDelTaller(f"{donde}: {falla}")
            filas.append(fila)
    return filas


def falla_de_texto(
    campo: str, valor: object, valores: Iterable[str] | None = None
) -> str | None:
    """La frase que explica por qué `valor` no sirve en un campo de texto, o nada.

    Debe ser un texto con algo escrito, en NFC y, si se dan `valores`, uno de ellos.
    """
    if not isinstance(valor, str) or not valor.strip():
        return f"«{campo}» debe ser un texto y no puede estar vacío."
    if not unicodedata.is_normalized("NFC", valor):
        return f"«{campo}» no está en NFC. Normaliza el archivo."
    if valores and valor not in valores:
        return f"«{valor}» no es un valor de «{campo}». Usa: {', '.join(valores)}."
    return None
