"""Completa el curso donde falta algo: Colab, Kaggle, Codespaces o cualquier Jupyter.

La primera celda de cada cuaderno pone el paquete `taller` si no está y llama a
`completar`, que añade las bibliotecas que faltan y deja en su sitio las demás. En una
copia del repositorio no hace nada: ahí instala `make lab`.

Fuera de `taller` solo usa la biblioteca estándar y `packaging`, que trae Jupyter.
"""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name as normalizar
from packaging.version import Version

from . import figuras

# Con un torchao anterior, peft se niega a poner LoRA; ninguna lección lo usa.
TORCHAO = Version("0.16")
REINICIAR = (
    "Reinicia el núcleo (en Colab, «Entorno de ejecución → Reiniciar sesión») y "
    "ejecuta otra vez esta celda"
)


def en_una_copia() -> bool:
    """¿Se importó `taller` de una copia del repositorio, y no de lo instalado?"""
    archivo = Path(__file__).resolve().parents[1] / "pyproject.toml"
    try:
        proyecto = tomllib.loads(archivo.read_text(encoding="utf-8"))["project"]
        return proyecto["name"] == "taller"
    except (OSError, ValueError, KeyError, TypeError):  # no está, o es de otro paquete
        return False


def instalados() -> dict[str, str]:
    """La versión de cada paquete instalado, por su nombre normalizado."""
    hay: dict[str, str] = {}
    for paquete in metadata.distributions():
        nombre = paquete.metadata["Name"] if paquete.metadata else None
        if (
            nombre
        ):  # uno a medio borrar no tiene nombre; el primero es el que se importa
            hay.setdefault(normalizar(nombre), paquete.version)
    return hay


def pedidos(extra: str = "") -> list[Requirement]:
    """Lo que pide el paquete `taller` en este equipo, y lo de un extra si se nombra."""
    todos = map(Requirement, metadata.requires("taller") or [])
    return [p for p in todos if not p.marker or p.marker.evaluate({"extra": extra})]


def _para_pip(pedido: Requirement) -> str:
    """Un requisito con sus extras y sin la condición en que se pide."""
    extras = f"[{','.join(sorted(pedido.extras))}]" if pedido.extras else ""
    return f"{pedido.name}{extras}{pedido.specifier}"


def plan(lista: list[Requirement], hay: dict[str, str]) -> tuple[list[str], list[str]]:
    """Qué se le pide a pip y qué se le prohíbe mover.

    Argumentos: `lista`, lo que pide el curso; `hay`, lo instalado. Devuelve los
    requisitos que faltan y, para los que ya se cumplen, su versión exacta.
    """
    faltan, fijos = [], []
    for pedido in lista:
        version = hay.get(normalizar(pedido.name))
        if version and pedido.specifier.contains(version, prereleases=True):
            fijos.append(f"{pedido.name}=={version}")
        else:
            faltan.append(_para_pip(pedido))
    return faltan, fijos


def _pip(*orden: str) -> str:
    """Corre pip sin mostrar nada. Devuelve por qué falló, o una cadena vacía."""
    hecho = subprocess.run(
        [sys.executable, "-m", "pip", *orden, "--disable-pip-version-check"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    if hecho.returncode == 0:
        return ""
    lineas = [x for x in hecho.stdout.splitlines() if x.strip()]
    errores = [x for x in lineas if x.lstrip().startswith("ERROR")]
    return (errores or lineas or ["pip no dijo por qué"])[-1].strip()


def anadir(faltan: list[str], fijos: list[str], todos: list[str]) -> None:
    """Instala lo que falta sin mover lo que ya sirve; si eso es imposible, lo mueve.

    Argumentos: los de `plan` y `todos`, cuanto pide el curso, para el segundo intento.
    Errores: RuntimeError, con una frase, si pip no puede.
    """
    with tempfile.TemporaryDirectory() as carpeta:
        lista = Path(carpeta) / "fijos.txt"
        lista.write_text("\n".join(fijos) + "\n", encoding="utf-8")
        fallo = _pip("install", *faltan, "-c", str(lista))
    if "ResolutionImpossible" in fallo:
        print("Algo de lo que ya había no combina con lo nuevo: también se actualiza.")
        fallo = _pip("install", *todos)
    if fallo:
        raise RuntimeError(
            "No se instaló el curso: revisa la conexión (en Kaggle, que Internet esté "
            f"activado) y ejecuta otra vez esta celda. pip dijo: {fallo}"
        )


def quitar_torchao(hay: dict[str, str]) -> None:
    """Quita torchao si es uno con el que peft se niega a trabajar, y lo dice."""
    version = hay.get("torchao")
    if version and Version(version) < TORCHAO:
        print(
            f"Quito torchao {version}: con él, que es viejo, peft no deja poner LoRA. "
            "El curso no lo usa."
        )
        if fallo := _pip("uninstall", "-y", "torchao"):
            raise RuntimeError(
                "No se pudo quitar torchao, y con él las lecciones de LoRA no "
                f"funcionan: escribe «%pip uninstall -y torchao». pip dijo: {fallo}"
            )


def _modulos(nombre: str) -> set[str]:
    """Los módulos que trae un paquete, con sus puntos: «pyarrow», «pyarrow.lib»…"""
    try:
        archivos = metadata.files(nombre) or []
    except metadata.PackageNotFoundError:  # se acaba de quitar
        return {nombre.replace("-", "_")}
    rutas = [ruta.with_suffix("").parts for ruta in archivos if ruta.suffix == ".py"]
    return {".".join(r[:-1] if r[-1] == "__init__" else r) for r in rutas}


def en_uso(antes: dict[str, str], ahora: dict[str, str]) -> list[str]:
    """Los paquetes ya importados cuya versión en el disco cambió."""
    cambiados = [n for n, version in antes.items() if ahora.get(n) != version]
    return [n for n in sorted(cambiados) if _modulos(n) & set(sys.modules)]


def completar(extra: str = "") -> None:
    """Deja el curso listo para este cuaderno y dice qué cambió.

    Argumentos: `extra`, el grupo de bibliotecas que solo usa esta lección, como
    «corpus». No hace nada en una copia del repositorio; repetirla es inofensivo.
    Errores: RuntimeError, con una frase, si algo no se pudo instalar o si hay que
    reiniciar: así «ejecutar todo» se detiene aquí.
    """
    if en_una_copia():
        return
    inicio, antes, lista = time.time(), instalados(), pedidos(extra)
    faltan, fijos = plan(lista, antes)
    if faltan:
        nombres = [re.match(r"[\w.-]+", f)[0] for f in faltan]
        espera = "varios minutos, por PyTorch" if "torch" in nombres else "un minuto"
        print(f"Instalo {', '.join(nombres)}: cuenta con {espera}.")
        anadir(faltan, fijos, [_para_pip(p) for p in lista])
    quitar_torchao(antes)
    importlib.invalidate_caches()
    figuras.vestir()  # por si matplotlib acaba de llegar
    ahora = instalados()
    if usados := en_uso(antes, ahora):
        raise RuntimeError(
            f"{REINICIAR}: ya habías importado {', '.join(usados)} y su versión cambió."
        )
    movidos = [n for n in sorted(antes.keys() & ahora.keys()) if antes[n] != ahora[n]]
    if movidos:
        cambios = ", ".join(f"{n} {antes[n]} → {ahora[n]}" for n in movidos)
        print(f"Cambiaron de versión: {cambios}.")
    if nuevos := len(ahora.keys() - antes.keys()):
        print(f"Paquetes nuevos: {nuevos}, en {time.time() - inicio:.0f} segundos.")
    print("Curso instalado.")
