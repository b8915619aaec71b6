"""Lee archivos JSONL y JSON, y explica en español dónde está cada falla."""

import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ..errores import ErrorDelTaller

Revisar = Callable[[dict], str | None]


class _Falla(Exception):
    """Lo que JSON permite y el curso no; lleva la frase que lo explica."""


def leer_jsonl(
    ruta: str | Path,
    campos: Iterable[str] = (),
    revisar: Revisar | None = None,
    *,
    unico: str | None = None,
    opcionales: Iterable[str] = (),
) -> list[dict]:
    """Devuelve una lista con un diccionario por línea del archivo.

    Argumentos: `campos`, los que toda línea debe traer, y `opcionales`, los que puede
    traer; si no das ninguno, vale cualquiera. `revisar` recibe cada fila y devuelve la
    frase que explica su falla, o nada. `unico`, el campo que no se puede repetir.
    Las líneas en blanco se saltan.
    Errores: ErrorDelTaller si el archivo no está, no se deja leer o no trae filas; y,
    con archivo y número de línea, si una línea no está en UTF-8, no es un objeto JSON,
    no trae justo los campos pedidos o no pasa la revisión.
    """
    ruta, campos, vistos, filas = Path(ruta), list(campos), set(), []
    for numero, cruda in enumerate(_leer(ruta).split(b"\n"), start=1):
        donde = f"{ruta}, línea {numero}"
        texto = _descifrar(cruda, donde, "utf-8-sig" if numero == 1 else "utf-8")
        if not texto:
            continue
        fila = interpretar(texto, ruta, numero)
        falla = _falla_de_forma(fila, campos, opcionales)
        falla = falla or (revisar and revisar(fila))
        falla = falla or (unico and _falla_de_repetida(unico, fila[unico], vistos))
        if falla:
            raise ErrorDelTaller(f"{donde}: {falla}")
        filas.append(fila)
    if not filas:
        raise ErrorDelTaller(f"{ruta}: no trae ninguna fila. Reinstala el curso.")
    return filas


def leer_json(
    ruta: str | Path, campos: Iterable[str], revisar: Revisar | None = None
) -> dict:
    """El objeto que guarda un archivo JSON.

    Argumentos: `campos` y `revisar`, como en `leer_jsonl`.
    Errores: ErrorDelTaller, con el archivo y, si se sabe, la línea.
    """
    ruta = Path(ruta)
    texto = _descifrar(_leer(ruta), ruta, "utf-8-sig")
    datos = interpretar(texto, ruta)
    falla = _falla_de_forma(datos, list(campos)) or (revisar and revisar(datos))
    if falla:
        raise ErrorDelTaller(f"{ruta}: {falla}")
    return datos


def _leer(ruta: Path) -> bytes:
    """El contenido de un archivo, o la razón de que no se pueda leer."""
    try:
        if ruta.is_file():
            return ruta.read_bytes()
        hay = ruta.exists()
    except PermissionError as causa:
        raise ErrorDelTaller(
            f"No tienes permiso para leer {ruta}. Cámbialo o reinstala el curso."
        ) from causa
    except OSError as causa:
        raise ErrorDelTaller(
            f"No se pudo leer {ruta}: revisa el disco o reinstala el curso."
        ) from causa
    if hay:
        raise ErrorDelTaller(f"{ruta} no es un archivo. Revisa el nombre.")
    raise ErrorDelTaller(
        f"No existe el archivo {ruta}. Revisa el nombre o reinstala el curso."
    )


def _descifrar(cruda: bytes, donde: object, codificacion: str) -> str:
    try:
        return cruda.decode(codificacion).strip()
    except UnicodeDecodeError as causa:
        raise ErrorDelTaller(
            f"{donde}: el texto no está en UTF-8. Guarda el archivo en UTF-8."
        ) from causa


def interpretar(texto: str, ruta: Path, linea: int | None = None) -> object:
    """Lo que dice un texto JSON.

    Argumentos: `ruta` y `linea` son de dónde salió, para nombrarlo.
    Errores: ErrorDelTaller si no es JSON o si trae lo que el curso no acepta: un campo
    repetido, un número que no cabe, NaN, medio carácter o demasiados niveles.
    """
    donde = f"{ruta}, línea {linea}" if linea else str(ruta)
    try:
        valor = json.loads(
            texto,
            object_pairs_hook=_sin_repetir,
            parse_constant=_constante,
            parse_float=_decimal,
        )
        if "\\u" in texto:  # solo así puede venir media pareja de sustitutos
            json.dumps(valor, ensure_ascii=False).encode()
        return valor
    except json.JSONDecodeError as causa:
        linea = linea or causa.lineno
        raise ErrorDelTaller(
            f"{ruta}, línea {linea}: no es JSON válido cerca de la columna "
            f"{causa.colno}. Revisa comillas, comas y llaves de esa línea."
        ) from causa
    except _Falla as causa:
        raise ErrorDelTaller(f"{donde}: {causa}") from causa
    except RecursionError as causa:
        frase = "hay demasiados corchetes o llaves, unos dentro de otros."
        raise ErrorDelTaller(f"{donde}: {frase}") from causa
    except UnicodeEncodeError as causa:
        frase = "un \\u trae medio carácter. Escribe la letra tal cual."
        raise ErrorDelTaller(f"{donde}: {frase}") from causa
    except ValueError as causa:  # Python no convierte enteros de miles de cifras
        raise ErrorDelTaller(f"{donde}: trae un número demasiado largo.") from causa


def _sin_repetir(pares: list[tuple[str, object]]) -> dict:
    objeto = dict(pares)
    if len(objeto) < len(pares):
        claves = [clave for clave, _ in pares]
        repetida = next(c for c in claves if claves.count(c) > 1)
        raise _Falla(f"repite el campo «{repetida}». Deja uno solo.")
    return objeto


def _constante(nombre: str) -> None:
    raise _Falla(f"«{nombre}» no es un valor de JSON. Escribe un número o null.")


def _decimal(cifras: str) -> float:
    if math.isinf(valor := float(cifras)):
        raise _Falla("trae un número demasiado largo.")
    return valor


def _falla_de_forma(
    fila: object, campos: list[str], opcionales: Iterable[str] = ()
) -> str | None:
    """Por qué una fila no es un objeto con los campos pedidos, o nada."""
    if not isinstance(fila, dict):
        return "se esperaba un objeto entre llaves."
    if faltan := [campo for campo in campos if campo not in fila]:
        todos = ", ".join(campos)
        return f"falta el campo «{faltan[0]}». Debe traer: {todos}."
    if campos and (sobran := sorted(set(fila) - set(campos) - set(opcionales))):
        return f"sobra el campo «{sobran[0]}»."
    return None


def _falla_de_repetida(campo: str, valor: str, vistos: set[str]) -> str | None:
    """La frase si `valor` ya está en `vistos`; si no, lo apunta ahí."""
    if valor in vistos:
        return f"el {campo} «{valor}» ya está en otra línea."
    vistos.add(valor)
    return None


def falla_de_campos(
    fila: dict, campos: Mapping[str, Iterable[str] | None]
) -> str | None:
    """La primera falla de los campos de texto de una fila, o nada.

    Argumentos: `campos` da cada campo y sus valores; None es un texto cualquiera.
    """
    for campo, valores in campos.items():
        if falla := falla_de_texto(campo, fila[campo], valores):
            return falla
    return None


def falla_de_lista(
    campo: str, valor: object, valores: Iterable[str] | None = None
) -> str | None:
    """La frase que explica por qué `valor` no es una lista de textos, o nada.

    Debe traer uno o más y, si se dan `valores`, de entre ellos.
    """
    if not isinstance(valor, list) or not valor:
        return f"«{campo}» debe ser una lista de textos y no puede estar vacío."
    for texto in valor:
        if falla := falla_de_texto(campo, texto, valores):
            return falla
    return None


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
