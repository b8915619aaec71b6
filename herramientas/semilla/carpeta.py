"""La carpeta de un entrenamiento: de quién es, qué guarda y desde dónde sigue.

`carpeta.json` sella lo que decide su contenido. Con él, una orden que no es la que
empezó el entrenamiento se rechaza en vez de seguirlo a medias.
"""

from __future__ import annotations

import json
import os
import pickle
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from filelock import FileLock, Timeout
from tokenizers import Tokenizer

from herramientas.archivos import escribir_texto, guardar_json, razon, sello

SELLO, PUNTO, HISTORIAL = "carpeta.json", "punto.pt", "historial.jsonl"
TOKENIZADOR, TOKENS = "tokenizador.json", "tokens.npy"
OTRA = "Repite con lo de antes o elige otra --salida."


@contextmanager
def reservar(carpeta: Path) -> Iterator[None]:
    """Crea la carpeta y la ocupa: una segunda orden termina con una frase.

    El sistema la suelta solo si el proceso muere.
    """
    carpeta.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(carpeta / ".cerrojo", timeout=0):
            yield
    except Timeout as causa:
        raise SystemExit(
            f"Otro entrenamiento está usando {carpeta}: espera a que termine o elige "
            "otra --salida."
        ) from causa


def danado(ruta: Path) -> SystemExit:
    """La frase para un archivo de la carpeta que no se puede usar."""
    return SystemExit(f"{ruta} está dañado: bórralo y repite la orden.")


# --- El sello -----------------------------------------------------------------------


def sello_del_corpus(carpeta: Path) -> dict[str, str]:
    """SHA-256 de cada `*.jsonl.gz`: cambia con cualquier letra del corpus."""
    return {a.name: sello(a) for a in sorted(carpeta.glob("*.jsonl.gz"))}


def leer_sello(carpeta: Path) -> dict | None:
    """Lo que dice carpeta.json; None si la carpeta es nueva o de antes del sello."""
    ruta = carpeta / SELLO
    if not ruta.exists():
        return None
    try:
        datos = json.loads(ruta.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as causa:
        raise danado(ruta) from causa
    partes = ("corpus", "ajustes", "plan", "archivos")
    if not isinstance(datos, dict) or not all(
        isinstance(datos.get(parte), dict) for parte in partes
    ):
        raise danado(ruta)
    return datos


def comprobar_sello(carpeta: Path, viejo: dict, nuevo: dict) -> None:
    """Termina con una frase si la orden no es la que empezó esta carpeta."""
    distinto = _diferencias_de_corpus(viejo["corpus"], nuevo["corpus"])
    for nombre, valor in nuevo["ajustes"].items():
        antes = viejo["ajustes"].get(nombre)
        if antes != valor and nombre == "desde":
            distinto.append("los pesos de --desde son otros")
        elif antes != valor:
            distinto.append(f"--{nombre} era {antes} y ahora es {valor}")
    if distinto:
        raise SystemExit(
            f"{carpeta} guarda otro entrenamiento: {'; '.join(distinto)}. {OTRA}"
        )


def _diferencias_de_corpus(viejo: dict, nuevo: dict) -> list[str]:
    if viejo == nuevo:
        return []
    if "hub" in viejo or "hub" in nuevo:
        return [f"el corpus era {_origen(viejo)} y ahora es {_origen(nuevo)}"]
    frases = {
        nombre: "al corpus le falta" if nombre not in nuevo else "en el corpus cambió"
        for nombre in viejo
        if nuevo.get(nombre) != viejo[nombre]
    }
    frases |= {nombre: "al corpus le sobra" for nombre in nuevo if nombre not in viejo}
    return [f"{que} {nombre}" for nombre, que in sorted(frases.items())]


def _origen(corpus: dict) -> str:
    if "hub" not in corpus:
        return "una carpeta"
    return f"{corpus['hub']} hasta {corpus.get('caracteres')} caracteres"


def sellar(carpeta: Path, datos: dict, viejo: dict | None) -> None:
    """Anota en carpeta.json de quién es la carpeta y la huella de lo que guarda.

    Argumentos: `viejo`, el sello de antes si ya hay pesos; entonces termina con una
    frase si hubo que rehacer el tokenizador y no salió igual.
    """
    archivos = {n: sello(carpeta / n) for n in (TOKENIZADOR, TOKENS)}
    if viejo and archivos != viejo["archivos"]:
        raise SystemExit(
            f"El tokenizador de {carpeta} se rehizo y no salió igual: sus pesos ya no "
            "sirven con él. Elige otra --salida."
        )
    guardar_json(carpeta / SELLO, datos | {"archivos": archivos})


# --- Lo que se reutiliza ------------------------------------------------------------


def leer_tokenizador(carpeta: Path, huella: str | None) -> Tokenizer | None:
    """El tokenizador guardado, o None si no hay.

    Argumentos: `huella`, su SHA-256 según el sello; None si no lo dice.
    Termina con una frase si está dañado.
    """
    ruta = carpeta / TOKENIZADOR
    if not _es_el_sellado(ruta, huella):
        return None
    octetos = ruta.read_bytes()
    try:
        return Tokenizer.from_buffer(octetos)
    except Exception as causa:  # tokenizers lanza Exception, sin más
        raise danado(ruta) from causa


def leer_tokens(carpeta: Path, huella: str | None) -> np.ndarray | None:
    """Los tokens guardados, o None si no hay. Argumentos y errores, como arriba."""
    ruta = carpeta / TOKENS
    if not _es_el_sellado(ruta, huella):
        return None
    try:
        vector = np.load(ruta)
    except (ValueError, EOFError, SyntaxError) as causa:
        raise danado(ruta) from causa
    if vector.dtype != np.uint16 or vector.ndim != 1:
        raise danado(ruta)
    return vector


def guardar_tokens(carpeta: Path, vector: np.ndarray) -> None:
    """Escribe los tokens de una vez."""
    provisional = carpeta / "tokens.tmp.npy"
    np.save(provisional, vector)
    os.replace(provisional, carpeta / TOKENS)


def _es_el_sellado(ruta: Path, huella: str | None) -> bool:
    """Dice si el archivo está; termina con una frase si no es el que se selló."""
    if not ruta.exists():
        return False
    if huella and sello(ruta) != huella:
        raise danado(ruta)
    return True


# --- El punto de control ------------------------------------------------------------


def guardar_punto(salida: Path, paso: int, modelo, opts, segundos: float) -> None:
    """Escribe el punto de control entero y solo entonces sustituye al anterior.

    Termina con una frase si no se puede; el anterior queda como estaba.
    """
    estado = {
        "paso": paso,
        "modelo": modelo.state_dict(),
        "optimizadores": [o.state_dict() for o in opts],
        "segundos": segundos,
    }
    provisional = salida / "punto.tmp"
    try:
        torch.save(estado, provisional)
        os.replace(provisional, salida / PUNTO)
    except (OSError, RuntimeError) as causa:  # torch da RuntimeError sin espacio
        provisional.unlink(missing_ok=True)
        raise SystemExit(
            f"No se pudo guardar {salida / PUNTO}: {razon(causa)}. El anterior "
            "queda como estaba; libera espacio o revisa los permisos y repite la orden."
        ) from causa


def leer_punto(salida: Path, modelo) -> dict | None:
    """El último punto de control, o None si no hay.

    Termina con una frase si está dañado o guarda un modelo que no es como `modelo`.
    """
    ruta = salida / PUNTO
    if not ruta.exists():
        return None
    try:
        with zipfile.ZipFile(ruta) as partes:
            if partes.testzip():
                raise danado(ruta)
        punto = torch.load(ruta, map_location="cpu", weights_only=True)
        formas = {n: t.shape for n, t in punto["modelo"].items()}
        completo = punto["paso"] > 0 <= punto["segundos"] and punto["optimizadores"]
    except (
        zipfile.BadZipFile,
        pickle.UnpicklingError,
        RuntimeError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
    ) as causa:
        raise danado(ruta) from causa
    if not completo:
        raise danado(ruta)
    if formas != {n: t.shape for n, t in modelo.state_dict().items()}:
        raise SystemExit(
            f"{ruta} guarda un modelo de otra forma (--vocabulario, --ancho, "
            f"--intermedio o --capas). {OTRA}"
        )
    return punto


def retomar(punto: dict, modelo, opts, salida: Path) -> None:
    """Carga un punto de control en el modelo y sus optimizadores."""
    try:
        modelo.load_state_dict(punto["modelo"])
        for o, estado in zip(opts, punto["optimizadores"], strict=True):
            o.load_state_dict(estado)
    except (RuntimeError, LookupError, ValueError, TypeError) as causa:
        raise danado(salida / PUNTO) from causa


# --- La curva -----------------------------------------------------------------------


def recortar_historial(salida: Path, inicio: int) -> None:
    """Deja en historial.jsonl solo los pasos anteriores a `inicio`, una vez cada uno.

    Salta lo que no se entiende, como una última línea a medias. Si faltan pasos lo
    dice, y no impide seguir.
    """
    ruta, pasos = salida / HISTORIAL, {}
    texto = ruta.read_text(encoding="utf-8", errors="replace") if ruta.exists() else ""
    for linea in texto.splitlines():
        try:
            registro = json.loads(linea)
            if 0 <= registro["paso"] < inicio and "perdida" in registro:
                pasos[int(registro["paso"])] = linea
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
    if inicio and not pasos:
        print(f"No está {HISTORIAL}: la curva empieza en el paso {inicio}.", flush=True)
    elif len(pasos) < inicio:
        faltan = inicio - len(pasos)
        print(f"A {HISTORIAL} le faltan {faltan} pasos de {inicio}.", flush=True)
    escribir_texto(ruta, "".join(f"{pasos[p]}\n" for p in sorted(pasos)))
