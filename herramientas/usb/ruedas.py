"""Las ruedas de un equipo: cuáles son, de dónde salen y si bastan.

pip dice de cada rueda su dirección y su huella, sin bajarla; la baja `descarga.py`, que
sigue donde se cortó. Las direcciones no salen de `_build/`: el paquete solo lleva
nombres y huellas.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.parse
import zipfile
from email import message_from_string
from email.message import Message
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar
from packaging.version import Version

from herramientas.archivos import escribir_texto, guardar_json
from herramientas.entorno import INDICE_CPU, Problema, explicar_fallo
from herramientas.usb.descarga import Rueda, bajar, barra, coma
from herramientas.usb.destinos import Destino, cierre_para

GRUPO = 25  # paquetes por los que se pregunta a la vez


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
    lleva = barra(f"preguntado, {destino.nombre}", len(nombres), "paquetes")
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
        lleva.update(min(GRUPO, len(nombres) - desde))
    lleva.close()
    guardar_json(
        plan,
        {
            "versiones": versiones,
            "ruedas": [[r.archivo, r.direccion, r.huella] for r in todas],
            "fuentes": fuentes,
        },
    )
    return {"ruedas": todas, "fuentes": fuentes}


def compilar(pedido: str, carpeta: Path) -> Path:
    """La rueda de un paquete que solo se publica en fuentes; debe servir en todos.

    Errores: Problema si no se puede hacer o si depende del sistema.
    """
    pide = Requirement(pedido)

    def sirve(rueda: Path) -> bool:
        nombre, version = rueda.name.split("-")[:2]
        suya = normalizar(nombre) == normalizar(pide.name)
        return suya and pide.specifier.contains(version, True)

    def halladas() -> list[Path]:
        return [ruta for ruta in sorted(carpeta.glob("*.whl")) if sirve(ruta)]

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
    lleva = barra(destino.nombre, len(hallado["ruedas"]), "ruedas")
    for rueda in hallado["ruedas"]:
        comun = rueda.archivo.endswith("-none-any.whl")
        lugar = cache / ("comunes" if comun else destino.nombre)
        rutas.append(bajar(rueda, lugar))
        lleva.update()
    lleva.close()
    if faltan := que_falta(destino, rutas):
        raise Problema(f"{destino.nombre}: falta {'; '.join(faltan)}.")
    pesan = sum(ruta.stat().st_size for ruta in rutas)
    print(f"{destino.nombre}: {len(rutas)} ruedas, {coma(pesan)}.", flush=True)
    return rutas
