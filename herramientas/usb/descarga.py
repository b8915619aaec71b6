"""Bajar un archivo grande: con barra, desde donde se cortó y con su huella al final."""

from __future__ import annotations

import http.client
import os
import shutil
import ssl
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from herramientas.archivos import sello
from herramientas.entorno import Problema

TROZO = 2**20
INTENTOS = 4  # descargas cortadas que se retoman antes de rendirse
ESPERA = 60  # segundos sin que llegue nada


@dataclass(frozen=True)
class Rueda:
    """Un archivo .whl: de dónde sale y la huella SHA-256 que debe tener."""

    archivo: str
    direccion: str
    huella: str


def barra(que: str, total: int, unidad: str = "B") -> tqdm:
    """Una barra de `tqdm`; donde no hay terminal, una línea cada diez segundos."""
    return tqdm(
        total=total,
        desc=que,
        unit=unidad,
        unit_scale=unidad == "B",
        mininterval=0.2 if sys.stderr.isatty() else 10,
    )


def coma(octetos: float) -> str:
    """«191,8 MB» o «1,20 GB», con coma decimal."""
    if octetos >= 1e9:
        return f"{octetos / 1e9:.2f} GB".replace(".", ",")
    return f"{octetos / 1e6:.1f} MB".replace(".", ",")


def exigir_espacio(carpeta: Path, octetos: int, que: str) -> None:
    """Lanza Problema si en el disco de una carpeta no cabe lo que falta."""
    existe = next(p for p in (carpeta, *carpeta.parents) if p.exists())
    libre = shutil.disk_usage(existe).free
    if libre < octetos:
        raise Problema(
            f"No cabe {que} en {existe}: hacen falta {coma(octetos)} y hay "
            f"{coma(libre)} libres. Libera espacio, o elige otro disco."
        )


def _abrir(direccion: str, desde: int):
    """Abre una dirección desde un byte. Devuelve la respuesta y si se respetó."""
    pedido = urllib.request.Request(direccion)
    if desde:
        pedido.add_header("Range", f"bytes={desde}-")
    certificado = os.environ.get("PIP_CERT") or os.environ.get("REQUESTS_CA_BUNDLE")
    confianza = ssl.create_default_context(
        cafile=certificado if os.path.isfile(certificado or "") else None
    )
    respuesta = urllib.request.urlopen(pedido, timeout=ESPERA, context=confianza)
    return respuesta, respuesta.status == 206


def bajar(rueda: Rueda, carpeta: Path) -> Path:
    """Trae una rueda; si ya está entera, nada, y si se cortó, sigue donde iba.

    Argumentos: `carpeta`, donde queda. Devuelve su ruta.
    Errores: Problema si no llega, si llega dañada o si no cabe en el disco.
    """
    final = carpeta / rueda.archivo
    if final.exists() and (not rueda.huella or sello(final) == rueda.huella):
        return final
    carpeta.mkdir(parents=True, exist_ok=True)
    parcial = final.with_name(final.name + ".parcial")
    for intento in range(INTENTOS):
        desde = parcial.stat().st_size if parcial.exists() else 0
        try:
            respuesta, sigue = _abrir(rueda.direccion, desde)
            with respuesta, parcial.open("ab" if sigue else "wb") as salida:
                falta = int(respuesta.headers.get("Content-Length") or 0)
                exigir_espacio(carpeta, falta, rueda.archivo)
                van = desde if sigue else 0
                with barra(rueda.archivo, falta + van) as lleva:
                    lleva.update(van)
                    while trozo := respuesta.read(TROZO):
                        salida.write(trozo)
                        lleva.update(len(trozo))
                if falta and salida.tell() < falta + van:
                    raise ConnectionError("se cortó")
            break
        except urllib.error.HTTPError as error:
            if error.code == 416:  # ya estaba todo: lo dirá la huella
                break
            causa = f"el servidor respondió {error.code}"
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno == 28:
                raise Problema(
                    f"No queda espacio en el disco para {rueda.archivo}: libera unos "
                    "gigas y repite; lo ya bajado se aprovecha."
                ) from error
            causa = type(error).__name__
        if intento + 1 == INTENTOS:
            raise Problema(
                f"No se pudo bajar {rueda.archivo} ({causa}): revisa la conexión y "
                "repite; sigue donde iba."
            )
        time.sleep(2**intento)
    if rueda.huella and sello(parcial) != rueda.huella:
        parcial.unlink()
        raise Problema(f"{rueda.archivo} llegó dañado y lo borré: repite la orden.")
    parcial.replace(final)
    return final
