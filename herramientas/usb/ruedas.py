"""Bajar las ruedas de un equipo: cuáles son, de dónde salen y si llegaron enteras.

pip dice de cada rueda su dirección y su huella, sin bajarla. Se baja aquí, para que una
descarga cortada siga donde iba y la barra diga cuánto falta. Las direcciones no salen
de `_build/`: el paquete solo lleva nombres y huellas.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar
from packaging.version import Version

from herramientas.archivos import escribir_texto, guardar_json
from herramientas.entorno import INDICE_CPU, Problema, explicar_fallo
from herramientas.usb.destinos import Destino, cierre_para

TROZO = 2**20
GRUPO = 25  # paquetes por los que se pregunta a la vez
INTENTOS = 4  # descargas cortadas que se retoman antes de rendirse
ESPERA = 60  # segundos sin que llegue nada


@dataclass(frozen=True)
class Rueda:
    """Un archivo .whl: de dónde sale y la huella SHA-256 que debe tener."""

    archivo: str
    direccion: str
    huella: str


class Barra:
    """Una línea que dice cuánto va. Donde no hay terminal, una cada diez segundos."""

    def __init__(self, que: str, total: int) -> None:
        self.que, self.total, self.hecho = que, max(1, total), 0
        self.viva = sys.stdout.isatty()
        self.dicha = self.inicio = time.monotonic()

    def sumar(self, cuanto: int) -> None:
        """Añade bytes, o lo que se cuente, y dibuja si hace rato que no."""
        self.hecho += cuanto
        ahora = time.monotonic()
        if ahora - self.dicha >= (0.2 if self.viva else 10):
            self.dicha = ahora
            self.dibujar()

    def dibujar(self, final: str = "") -> None:
        """Escribe la línea."""
        parte = min(1.0, self.hecho / self.total)
        llenos = int(20 * parte)
        linea = f"  {'█' * llenos}{'·' * (20 - llenos)} {100 * parte:3.0f} % {self.que}"
        fin = final or ("" if self.viva else "\n")
        print(f"\r{linea:<78}" if self.viva else linea, end=fin, flush=True)

    def acabar(self) -> None:
        """Cierra la línea, si llegó a dibujarse o duró lo bastante para que importe."""
        if time.monotonic() - self.inicio >= 1:
            self.dibujar("\n")


def coma(octetos: float) -> str:
    """«191,8 MB» o «1,20 GB», con coma decimal."""
    if octetos >= 1e9:
        return f"{octetos / 1e9:.2f} GB".replace(".", ",")
    return f"{octetos / 1e6:.1f} MB".replace(".", ",")


def _pip(*orden: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "pip", *orden, "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _direcciones(
    destino: Destino, pedidos: list[str], carpeta: Path, *mas: str
) -> tuple[list[Rueda], str]:
    """Lo que pip bajaría para `pedidos`, y el nombre del primero que no tiene rueda."""
    lista, informe = carpeta / "pedidos.txt", carpeta / "informe.json"
    escribir_texto(lista, "\n".join(pedidos) + "\n")
    plataformas = [f"--platform={p}" for p in destino.sistema.plataformas]
    hecho = _pip(
        "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet",
        "--only-binary=:all:", "--implementation=cp",
        f"--python-version={destino.piton}", *plataformas,
        f"--target={carpeta / 'nada'}", f"--report={informe}",
        "-r", str(lista), *mas,
    )  # fmt: skip
    dicho = hecho.stdout + hecho.stderr
    if hecho.returncode:
        sin_rueda = re.search(r"No matching distribution found for ([\w.-]+)", dicho)
        if sin_rueda:
            return [], sin_rueda[1].lower()
        raise Problema(f"{destino.nombre}: {explicar_fallo(dicho)}")
    ruedas = []
    for paquete in json.loads(informe.read_text("utf-8"))["install"]:
        direccion = paquete["download_info"]["url"]
        archivo = urllib.parse.unquote(direccion.split("#")[0].rsplit("/", 1)[1])
        huellas = paquete["download_info"].get("archive_info", {}).get("hashes", {})
        ruedas.append(Rueda(archivo, direccion, huellas.get("sha256", "")))
    return ruedas, ""


def resolver(destino: Destino, sin: tuple[str, ...], carpeta: Path) -> dict:
    """Las ruedas de un destino y los paquetes que solo se publican sin compilar.

    Argumentos: `sin`, los extras que no van; `carpeta`, donde se guarda lo hallado:
    si nada cambió, no se pregunta otra vez.
    Devuelve {«ruedas»: [Rueda…], «fuentes»: [«nombre==versión»…]}.
    Errores: Problema si falta el PyTorch de CPU, o si pip no puede.
    """
    versiones = cierre_para(destino, sin)
    plan = carpeta / "plan.json"
    if plan.exists():
        viejo = json.loads(plan.read_text("utf-8"))
        if viejo["versiones"] == versiones:
            ruedas = [Rueda(*fila) for fila in viejo["ruedas"]]
            return {"ruedas": ruedas, "fuentes": viejo["fuentes"]}
    print(f"{destino.nombre}: pregunto por {len(versiones)} paquetes…", flush=True)
    pedidos = {n: f"{n}=={v}" if v else n for n, v in versiones.items()}
    torch = pedidos.pop("torch")
    if destino.sistema.nombre.startswith("linux"):
        # En Linux, el de siempre trae CUDA y pesa veinte veces más.
        cpu, falta = _direcciones(destino, [torch + "+cpu"], carpeta)
        if falta:
            cpu, falta = _direcciones(
                destino, [torch + "+cpu"], carpeta, "--extra-index-url", INDICE_CPU
            )
        if falta:
            raise Problema(
                f"{destino.nombre}: no se llega al {torch} de CPU, y con CUDA no se "
                "empaqueta porque pesa más de 2 GB. Revisa la conexión y repite."
            )
    else:
        cpu, falta = _direcciones(destino, [torch], carpeta)
        if falta:
            raise Problema(
                f"{destino.nombre}: no hay {torch} para ese equipo. Quítalo de "
                "--sistemas o de --python."
            )
    todas, fuentes, nombres = list(cpu), [], sorted(pedidos)
    barra = Barra(f"preguntado, {destino.nombre}", len(nombres))
    for desde in range(0, len(nombres), GRUPO):
        grupo = {n: pedidos[n] for n in nombres[desde : desde + GRUPO]}
        while grupo:
            ruedas, falta = _direcciones(destino, list(grupo.values()), carpeta)
            if not falta:
                todas += ruedas
                break
            if falta not in grupo:
                raise Problema(f"{destino.nombre}: pip no halla {falta}.")
            fuentes.append(grupo.pop(falta))  # solo hay fuentes: se compila aquí
        barra.sumar(min(GRUPO, len(nombres) - desde))
    barra.acabar()
    guardar_json(
        plan,
        {
            "versiones": versiones,
            "ruedas": [[r.archivo, r.direccion, r.huella] for r in todas],
            "fuentes": fuentes,
        },
    )
    return {"ruedas": todas, "fuentes": fuentes}


def huella_de(ruta: Path) -> str:
    """SHA-256 de un archivo, leído por trozos."""
    suma = hashlib.sha256()
    with ruta.open("rb") as archivo:
        while trozo := archivo.read(TROZO):
            suma.update(trozo)
    return suma.hexdigest()


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
    if final.exists() and (not rueda.huella or huella_de(final) == rueda.huella):
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
                barra = Barra(rueda.archivo, falta + (desde if sigue else 0))
                barra.sumar(desde if sigue else 0)
                while trozo := respuesta.read(TROZO):
                    salida.write(trozo)
                    barra.sumar(len(trozo))
                barra.acabar()
                if falta and salida.tell() < falta + (desde if sigue else 0):
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
    if rueda.huella and huella_de(parcial) != rueda.huella:
        parcial.unlink()
        raise Problema(f"{rueda.archivo} llegó dañado y lo borré: repite la orden.")
    parcial.replace(final)
    return final


def exigir_espacio(carpeta: Path, octetos: int, que: str) -> None:
    """Lanza Problema si en el disco de una carpeta no cabe lo que falta."""
    existe = next(p for p in (carpeta, *carpeta.parents) if p.exists())
    libre = shutil.disk_usage(existe).free
    if libre < octetos:
        raise Problema(
            f"No cabe {que} en {existe}: hacen falta {coma(octetos)} y hay "
            f"{coma(libre)} libres. Libera espacio, o elige otro disco."
        )


def compilar(pedido: str, carpeta: Path) -> Path:
    """La rueda de un paquete que solo se publica en fuentes; debe servir en todos.

    Errores: Problema si no se puede hacer o si depende del sistema.
    """
    nombre = re.split("[=<>]", pedido)[0].replace("-", "_").lower()

    def halladas() -> list[Path]:
        todas = sorted(carpeta.glob("*.whl"))
        return [r for r in todas if r.name.lower().startswith(nombre + "-")]

    carpeta.mkdir(parents=True, exist_ok=True)
    if not halladas():
        hecho = _pip("wheel", "--no-deps", "--quiet", f"--wheel-dir={carpeta}", pedido)
        if hecho.returncode or not halladas():
            raise Problema(f"{pedido}: {explicar_fallo(hecho.stdout + hecho.stderr)}")
    (rueda,) = halladas()[:1]
    if not rueda.name.endswith("-none-any.whl"):
        rueda.unlink()
        raise Problema(f"{pedido} solo se puede compilar en cada equipo: déjalo fuera.")
    return rueda


def desempacado(rueda: Path) -> int:
    """Bytes que ocupa una rueda instalada."""
    with zipfile.ZipFile(rueda) as archivo:
        return sum(ficha.file_size for ficha in archivo.infolist())


def ficha_de(rueda: Path) -> Message:
    """El METADATA de una rueda: su nombre, su versión y lo que pide."""
    with zipfile.ZipFile(rueda) as archivo:
        (nombre,) = (
            n
            for n in archivo.namelist()
            if n.count("/") == 1 and n.endswith(".dist-info/METADATA")
        )
        return message_from_string(archivo.read(nombre).decode("utf-8"))


def que_falta(destino: Destino, rutas: list[Path]) -> list[str]:
    """Lo que alguna rueda pide en ese equipo y ninguna cumple; vacía si están todas.

    Las ruedas se leen una a una: así se nota lo que pide un paquete que aquí no está
    instalado, o una versión que no casa con otra.
    """
    fichas = [ficha_de(ruta) for ruta in rutas]
    hay = {normalizar(f["Name"]): Version(f["Version"]) for f in fichas}
    ambiente = destino.ambiente | {"extra": ""}
    faltan = []
    for ficha in fichas:
        for linea in ficha.get_all("Requires-Dist") or []:
            pide = Requirement(linea)
            if pide.marker and not pide.marker.evaluate(ambiente):
                continue
            version = hay.get(normalizar(pide.name))
            if version is None or not pide.specifier.contains(version, True):
                faltan.append(f"{pide.name}{pide.specifier} (de {ficha['Name']})")
    return sorted(faltan)


def traer(destino: Destino, sin: tuple[str, ...], cache: Path) -> list[Path]:
    """Todas las ruedas de un destino, en `cache`. Dice cuánto pesan.

    Errores: los de `resolver`, `bajar` y `compilar`, y Problema si lo bajado no basta.
    """
    hallado = resolver(destino, sin, cache / destino.nombre)
    rutas = [compilar(pedido, cache / "comunes") for pedido in hallado["fuentes"]]
    barra = Barra(destino.nombre, len(hallado["ruedas"]))
    for rueda in hallado["ruedas"]:
        comun = rueda.archivo.endswith("-none-any.whl")
        lugar = cache / ("comunes" if comun else destino.nombre)
        rutas.append(bajar(rueda, lugar))
        barra.sumar(1)
    barra.acabar()
    if faltan := que_falta(destino, rutas):
        raise Problema(f"{destino.nombre}: falta {'; '.join(faltan)}.")
    pesan = sum(ruta.stat().st_size for ruta in rutas)
    print(f"{destino.nombre}: {len(rutas)} ruedas, {coma(pesan)}.", flush=True)
    return rutas
