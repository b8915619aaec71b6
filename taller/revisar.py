"""Revisa si este equipo está listo para el curso y dice qué hacer si no.

python -m taller.revisar        en una terminal, o `make revisar`
%run -m taller.revisar          en una celda de un cuaderno

Termina con una línea para copiar en el chat de la sala o en un aviso; no lleva ningún
dato tuyo.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import versiones

RESULTADOS = Path(__file__).parent / "recursos" / "resultados"
GB = 2**30
DISCO = 1.0  # GB libres para trabajar con semilla: adaptadores y puntos de control
MARGEN = 1.2  # sobre lo que usó el núcleo: el navegador y JupyterLab también piden
RAPIDO = "El perfil `semilla` no lo necesita."


@dataclass(frozen=True)
class Punto:
    """Una revisión: `como` es «bien», «aviso» o «falta»; `que_hacer`, si no está bien.

    `breve` va en la línea final.
    """

    que: str
    como: str
    dicho: str
    breve: str
    que_hacer: str = ""

    def __str__(self) -> str:
        marca = {"bien": "✓", "aviso": "!", "falta": "✗"}[self.como]
        hacer = f"\n    {self.que_hacer}" if self.que_hacer else ""
        return f"{marca} {self.que}: {self.dicho}{hacer}"


def coma(valor: float) -> str:
    """«7,5»: con coma decimal."""
    return f"{valor:.1f}".replace(".", ",")


def _json(nombre: str) -> dict:
    try:
        return json.loads((RESULTADOS / nombre).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def memoria_total() -> float | None:
    """Los GB de memoria de este equipo, o None si el sistema no lo dice."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / GB
    except (AttributeError, ValueError, OSError):  # Windows
        return _memoria_de_windows()


def _memoria_de_windows() -> float | None:
    try:
        import psutil

        return psutil.virtual_memory().total / GB
    except Exception:  # sin psutil no hay manera corta de saberlo
        return None


def de_la_memoria(total: float | None) -> Punto:
    """Si alcanza para la lección que más pidió al ejecutar el curso con `semilla`."""
    cuadernos = _json("cuadernos.json").get("cuadernos", {})
    if not cuadernos:
        return Punto(
            "Memoria", "aviso", "no se sabe cuánta pide el curso: falta su medida",
            "memoria ?", "Instala otra vez el curso.",
        )  # fmt: skip
    usos = {nombre: datos["memoria_gb"] for nombre, datos in cuadernos.items()}
    cual = max(usos, key=usos.get)
    pide = f"la lección que más pide, {cual[:2]}, usó {coma(usos[cual])} GB"
    if total is None:
        return Punto("Memoria", "aviso", f"no se pudo saber; {pide}", "memoria ?")
    breve, dicho = f"{coma(total)} GB de memoria", f"{coma(total)} GB; {pide}"
    if total >= usos[cual] * MARGEN:
        return Punto("Memoria", "bien", dicho, breve)
    return Punto(
        "Memoria", "falta", dicho, breve,
        "Usa Colab, o trabaja en pareja con quien tenga más memoria.",
    )  # fmt: skip


def del_disco(libre: float) -> Punto:
    """Si hay espacio libre en la carpeta donde se trabaja."""
    dicho = f"{coma(libre)} GB libres"
    if libre >= DISCO:
        return Punto("Disco", "bien", dicho, f"{dicho} en disco")
    return Punto(
        "Disco", "falta", dicho, f"{dicho} en disco",
        f"Libera espacio hasta tener {coma(DISCO)} GB: se guardan adaptadores.",
    )  # fmt: skip


def de_las_versiones() -> Punto:
    """Los rangos que pide el curso y, después, lo que se ha probado."""
    from .instalar import instalados, pedidos, plan

    hay = instalados()
    faltan, _ = plan(pedidos(), hay)
    if faltan:
        return Punto(
            "Versiones", "falta", "no sirven o no están: " + ", ".join(faltan),
            "versiones fuera de rango",
            "Ejecuta la primera celda de la lección; en tu equipo, `make lab`.",
        )  # fmt: skip
    probadas: dict[str, set[str]] = {}
    for archivo in ("matriz.json", "colab.json"):
        for ficha in _json(archivo).get("combinaciones", {}).values():
            for nombre, version in ficha.get("versiones", {}).items():
                probadas.setdefault(nombre, set()).add(version.split("+")[0])
    nuevas = [
        f"{nombre} {hay[nombre]}"
        for nombre in versiones.BIBLIOTECAS
        if nombre in probadas
        and hay.get(nombre, "").split("+")[0] not in probadas[nombre]
    ]
    if not nuevas:
        return Punto(
            "Versiones", "bien", "están en «Probado con»", "versiones probadas"
        )
    return Punto(
        "Versiones", "aviso",
        f"sirven, y con estas exactas nadie lo ha probado: {', '.join(sorted(nuevas))}",
        "versiones sin probar",
    )  # fmt: skip


def de_la_gpu() -> Punto:
    """La tarjeta, si la hay; sin ella el curso funciona igual."""
    gpu = versiones.gpu()
    if gpu.startswith("GPU desconocida"):
        return Punto("GPU", "falta", gpu, gpu, "Instala PyTorch otra vez: `make lab`.")
    hacer = "" if gpu != "sin GPU" else f"{RAPIDO} En Colab, pide una T4 en el menú."
    return Punto("GPU", "bien" if not hacer else "aviso", gpu, gpu, hacer)


def de_la_red() -> Punto:
    """Si se llega al hub, o si el modelo ligero de `t4` ya está aquí."""
    from .descargas import alcance
    from .perfil import EN_EL_HUB

    problema = alcance(EN_EL_HUB["t4"][0])
    if problema is None:
        return Punto("Red", "bien", "el hub responde, o el modelo ya está", "hub sí")
    return Punto("Red", "aviso", problema, "hub no", RAPIDO)


def del_perfil() -> tuple[Punto, str]:
    """El perfil que saldría solo en este equipo, y su nombre."""
    from . import perfil

    pedido = os.environ.get("TALLER_PERFIL", "").strip()
    nombre = pedido or perfil._segun_hardware()[0]
    if nombre not in perfil.NOMBRES:
        hay = ", ".join(perfil.NOMBRES)
        return Punto(
            "Perfil", "falta", f"TALLER_PERFIL vale «{nombre}»", "perfil desconocido",
            f"Usa uno de estos: {hay}.",
        ), nombre  # fmt: skip
    problema = None if nombre == "semilla" else perfil._problema(nombre)
    if problema is None:
        return Punto("Perfil", "bien", nombre, f"perfil {nombre}"), nombre
    return Punto(
        "Perfil", "aviso", f"{nombre} no se puede usar: {problema}", "perfil semilla",
        'Sigue con elegir_perfil("semilla").',
    ), "semilla"  # fmt: skip


def revisar() -> tuple[list[Punto], str]:
    """Todas las revisiones y la línea para copiar."""
    nucleos = os.cpu_count() or 1
    puntos = [Punto("Equipo", "bien", f"{nucleos} núcleos", f"{nucleos} núcleos")]
    for mirar in (
        lambda: de_la_memoria(memoria_total()),
        lambda: del_disco(shutil.disk_usage(".").free / GB),
        de_las_versiones,
        de_la_gpu,
        de_la_red,
        lambda: del_perfil()[0],
    ):
        try:
            puntos.append(mirar())
        except Exception as error:  # una revisión rota no calla a las demás
            causa = f"{type(error).__name__}: {error}".splitlines()[0][:80]
            puntos.append(
                Punto(
                    "Revisión",
                    "falta",
                    f"no terminó ({causa})",
                    "revisión rota",
                    "Ejecuta la primera celda de la lección y repite.",
                )  # fmt: skip
            )
    falta = [p.que.lower() for p in puntos if p.como == "falta"]
    veredicto = f"FALTA {', '.join(falta)}" if falta else "LISTO"
    breves = [p.breve for p in puntos if p.que != "GPU"]  # ya va con las versiones
    return puntos, "; ".join([veredicto, *breves, versiones.linea()])


def principal(argumentos: Sequence[str] = ()) -> int:
    """Imprime las revisiones y la línea.

    Devuelve 1 si falta algo para trabajar aquí y 2 si le dan opciones: no lleva.
    """
    if argumentos:
        print("Esta revisión no lleva opciones: repítela sin ellas.", file=sys.stderr)
        return 2
    puntos, linea = revisar()
    print(*puntos, "", "Copia esta línea en el chat de la sala:", linea, sep="\n")
    return int(any(p.como == "falta" for p in puntos))


if __name__ == "__main__":
    codigo = principal(sys.argv[1:])
    if "ipykernel" not in sys.modules:  # en un cuaderno, salir mancha la celda
        sys.exit(codigo)
