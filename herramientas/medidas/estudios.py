"""Lo que comparten los estudios: puntos, sello, seguir tras un corte y guardar.

    python -m herramientas.medidas.estudios  # qué resultados ya no valen, y por qué

Un resultado lleva un sello con una parte por cada cosa que decide sus cifras. Si una
cambia, el estudio empieza de cero y lo dice: nunca mezcla medidas de sellos distintos.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import matplotlib
from tqdm.auto import tqdm

from herramientas.archivos import RAIZ, RESULTADOS, guardar_json, sello
from herramientas.cuadernos.leer import ENTORNO
from herramientas.medidas.celdas import Leccion, huella
from taller.conjuntos import cargar
from taller.hilos import preparar

PROGRAMAS = (
    "estudio_preentrenamiento estudio_lora repetir_qlora estudio_qlora "
    "estudio_finanzas estudio_libres estudio_poda estudio_despliegue "
    "velocidad_despliegue estudio_preferencias estudio_pronombre"
).split()
# Los que por ahora llevan entera al menos una semilla del azar, pero no todas. Siguen
# con su misma orden; una prueba pide quitar de aquí el que se complete.
A_MEDIAS: set[str] = set()
PAQUETES = ("torch", "transformers", "peft", "trl", "bitsandbytes")
_conjunto = cache(lambda nombre: cargar.CONJUNTOS[nombre]())
# Tratamientos tiene más direcciones; las lecciones que se estudian usan estas.
DIRECCIONES = {("tú", "vos"), ("tú", "usted")}
# De dónde sale una fila no decide ninguna cifra.
DE_DONDE = {"fuente", "respaldo", "consultado", "vigente_hasta"}
# El informe por el que pregunta `Estudio.faltan`, en lugar del publicado.
_MIRADOS: dict[Path, dict] = {}
CAMBIOS = {
    "programa": "cambió el programa",
    "celdas": "cambiaron las celdas",
    "datos": "cambiaron los datos",
    "pesos": "cambiaron los pesos de semilla",
    "adaptador": "cambió el adaptador",
}


@dataclass(frozen=True)
class Estudio:
    """Qué puntos se miden, cómo, y qué decide sus cifras además de los pesos."""

    programa: str  # su módulo en herramientas/medidas
    puntos: Callable[[int], list[dict]]  # los de una semilla del azar
    clave: tuple[str, ...]  # lo que distingue un punto de otro
    medir: Callable[[dict], dict]  # lo que se añade a un punto al medirlo
    datos: dict[str, tuple[str, ...]]  # de cada conjunto, las particiones que usa
    leccion: Leccion | None = None  # las celdas que corre
    adaptador: bool = False  # si parte del adaptador de la lección 10
    azar: tuple[int, ...] = (7, 8, 9)
    ajustes: Callable[[], dict] = dict  # lo común a todos los puntos
    antes: Callable[[], dict] | None = None  # se mide una vez, sin ajustar nada
    resumen: Callable[[dict], dict] = lambda informe: {}  # se añade al guardar
    lista: str = "medidas"

    def faltan(self, informe: dict, azar: Iterable[int] = ()) -> list[dict]:
        """Los puntos que un informe no trae, en orden.

        Un estudio que elige por lo ya medido lo lee de ese informe, no del publicado.
        """
        hechos = [[m[c] for c in self.clave] for m in informe.get(self.lista, [])]
        publicado = ruta_de(self.programa)
        _MIRADOS[publicado] = informe
        try:
            puntos = [p for a in azar or self.azar for p in self.puntos(a)]
        finally:
            del _MIRADOS[publicado]
        return [p for p in puntos if [p[c] for c in self.clave] not in hechos]


def ruta_de(programa: str, raiz: Path = RAIZ) -> Path:
    """El resultado de un programa; el de repetir_qlora es qlora.json."""
    nombre = programa.removeprefix("repetir_") + ".json"
    return raiz / RESULTADOS.relative_to(RAIZ) / nombre


def leer_informe(ruta: Path) -> dict:
    """Un resultado guardado; vacío si no está o no se puede leer."""
    if ruta in _MIRADOS:
        return _MIRADOS[ruta]
    try:
        return json.loads(ruta.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def pesos(raiz: Path = RAIZ) -> dict[str, str]:
    """SHA-256 de los pesos de `semilla` y de los del adaptador."""
    carpeta = raiz / "taller" / "recursos"
    adaptador = carpeta / "adaptador" / "adapter_model.safetensors"
    base = carpeta / "semilla" / "model.safetensors"
    return {"pesos": sello(base), "adaptador": sello(adaptador)}


def _de_datos(datos: dict[str, tuple[str, ...]]) -> str:
    """SHA-256 de las filas que usa un estudio, sin los campos de `DE_DONDE`."""
    filas = []
    for conjunto, partes in datos.items():
        todas = _conjunto(conjunto)
        suyas = [f for parte in partes for f in todas[parte]]
        filas += [
            {c: f[c] for c in f.keys() - DE_DONDE}
            for f in suyas
            if "de" not in f or (f["de"], f["a"]) in DIRECCIONES
        ]
    texto = json.dumps([datos, filas], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(texto.encode()).hexdigest()


def sellar(estudio: Estudio, raiz: Path = RAIZ) -> dict[str, str]:
    """El sello de hoy, por partes, sin ejecutar nada de la lección."""
    programa = raiz / "herramientas" / "medidas" / f"{estudio.programa}.py"
    partes = {"programa": huella([programa.read_text(encoding="utf-8")])}
    if estudio.leccion:
        partes["celdas"] = huella(codigo for _, codigo in estudio.leccion.celdas(raiz))
    partes |= {"datos": _de_datos(estudio.datos)} | pesos(raiz)
    return {p: v for p, v in partes.items() if p != "adaptador" or estudio.adaptador}


def rotas(informe: dict, hoy: dict[str, str]) -> list[str]:
    """Una frase por cada parte del sello que ya no es la de hoy."""
    if guardado := informe.get("sello"):
        return [c for p, c in CAMBIOS.items() if guardado.get(p) != hoy.get(p)]
    return ["no lleva sello"]


def estudiar(estudio: Estudio, azar=(), salida=None, raiz=RAIZ, de_cero="") -> dict:
    """Mide los puntos que faltan y guarda el informe entero tras cada uno.

    Argumentos: `azar`, las semillas del azar (por omisión, las del estudio); `salida`,
    otro archivo; `de_cero`, por qué no valen las medidas guardadas, si no valen.
    """
    os.environ |= ENTORNO
    preparar()  # los hilos que pide el entorno
    matplotlib.use("Agg")
    import torch

    from herramientas.medidas.comprobar import comprobar_salida

    ruta, hoy = salida or ruta_de(estudio.programa, raiz), sellar(estudio, raiz)
    informe = leer_informe(ruta)
    motivos = rotas(informe, hoy) + ([de_cero] if de_cero else [])
    faltan = estudio.faltan(informe, azar)
    versiones = {p: version(p) for p in PAQUETES}
    if faltan and not informe.get("versiones", {}).items() <= versiones.items():
        motivos.append("cambiaron las versiones de las bibliotecas")
    if motivos:
        if informe:
            print(f"Empiezo de cero {ruta.name}: {'; '.join(motivos)}.", flush=True)
        informe, faltan = {}, estudio.faltan({}, azar)
    medidas = informe.setdefault(estudio.lista, [])
    try:
        if faltan:
            comprobar_salida(ruta)
            informe |= {"programa": f"herramientas/medidas/{estudio.programa}.py"}
            informe |= {"sello": hoy, "versiones": versiones} | estudio.ajustes()
            if estudio.antes and "antes" not in informe:
                informe["antes"] = estudio.antes()
        for punto in tqdm(faltan, desc=estudio.programa, mininterval=5):
            medidas.append(punto | estudio.medir(punto))
            informe |= {"nucleos": os.cpu_count(), "hilos": torch.get_num_threads()}
            informe |= {"fecha": date.today().isoformat()} | estudio.resumen(informe)
            guardar_json(ruta, informe)
            tqdm.write(str({k: v for k, v in medidas[-1].items() if len(str(v)) < 80}))
            gc.collect()
    except KeyboardInterrupt:
        aviso = f"Cortado. Van {len(medidas)} puntos en {ruta.name}"
        raise SystemExit(f"{aviso}; la misma orden sigue ahí.") from None
    print(f"{len(medidas)} puntos en {ruta.name}.")
    return informe


def opciones(doc: str) -> argparse.ArgumentParser:
    """Las opciones que tiene todo estudio."""
    p = argparse.ArgumentParser(description=doc.split("\n")[0])
    p.add_argument("--azar", type=int, nargs="+", default=(), help="semillas del azar")
    p.add_argument("--salida", type=Path, help="otro archivo, para probar")
    return p


def sellos_rotos(raiz: Path = RAIZ) -> list[str]:
    """Una frase por cada razón por la que un resultado guardado ya no vale."""
    hoy, ruta = pesos(raiz), ruta_de("evaluacion-semilla", raiz)
    partes = {p: v for p, v in leer_informe(ruta).items() if p in hoy}
    razones = [(ruta.stem, m, "evaluar") for m in rotas({"sello": partes}, hoy)]
    for programa in PROGRAMAS:
        estudio = import_module(f"herramientas.medidas.{programa}").ESTUDIO
        ruta = ruta_de(programa, raiz)
        informe = leer_informe(ruta)
        try:
            motivos = rotas(informe, sellar(estudio, raiz))
        except SystemExit as fin:  # la lección ya no tiene una celda
            motivos = [str(fin).rstrip(".")]
        if informe.get("adaptador", hoy["adaptador"]) != hoy["adaptador"]:
            motivos.append("el adaptador del paquete no salió de ahí")
        enteras = [a for a in estudio.azar if not estudio.faltan(informe, [a])]
        faltan = estudio.faltan(informe)
        if faltan and not (programa in A_MEDIAS and enteras):
            motivos.append(f"puntos sin medir: {len(faltan)}")
        razones += [(ruta.stem, motivo, programa) for motivo in motivos]
    orden = "corre python -m herramientas.medidas"
    return [f"{nombre}: {que}; {orden}.{programa}" for nombre, que, programa in razones]


def por_seguir(raiz: Path = RAIZ) -> list[str]:
    """Una frase por cada estudio de A_MEDIAS: cuánto le falta y cómo se sigue."""
    frases = []
    for programa in sorted(A_MEDIAS):
        estudio = import_module(f"herramientas.medidas.{programa}").ESTUDIO
        faltan = estudio.faltan(leer_informe(ruta_de(programa, raiz)))
        orden = f"sigue con python -m herramientas.medidas.{programa}"
        frases.append(f"{programa}: puntos por medir, {len(faltan)}; {orden}")
    return frases


if __name__ == "__main__":
    rotos = sellos_rotos()
    print("\n".join(rotos) or "Todos los resultados valen.", *por_seguir(), sep="\n")
    raise SystemExit(bool(rotos))
