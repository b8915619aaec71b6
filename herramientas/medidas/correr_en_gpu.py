"""Corre la lección 10 en una GPU NVIDIA y anota tiempos y memoria. Sin probar en GPU.

    python -m herramientas.medidas.correr_en_gpu  # el del perfil t4
    python -m herramientas.medidas.correr_en_gpu --modelo qwen3-0.6b
    python -m herramientas.medidas.correr_en_gpu --al-azar  # sin descargar nada
    python -m herramientas.medidas.correr_en_gpu --ensayo  # en CPU y en miniatura

Si el hub no responde, o se pide `--al-azar`, arma un modelo con la forma del pedido y
pesos al azar, con el tokenizador de `semilla`: la velocidad y la memoria son reales;
el texto, ruido. Corre las celdas de la lección tal como están y, al final, escribe
resultados/qlora-gpu-<tarjeta>-<fecha>.json. Una celda que falla se anota y se sigue.
`--ensayo` recorre el mismo camino sin GPU: no mide ni escribe nada.

Códigos de salida: 0 todo corrió; 1 alguna celda falló; 3 no hay GPU utilizable.
«Sin probar en GPU» vale hasta que exista un archivo que esto escribió.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from herramientas.archivos import RESULTADOS, SEMILLA, guardar_json
from herramientas.medidas.celdas import Leccion
from herramientas.medidas.medir import PAQUETES, hay_gpu
from herramientas.medidas.medir_fila import FORMAS, configurar, describir_tarjeta

LECCION = Leccion("10_qlora_sft")
DEL_TOKENIZADOR = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def modelo_al_azar(nombre: str, carpeta: Path, dtype, miniatura: bool) -> Path:
    """Guarda en `carpeta` un modelo de esa forma con pesos al azar, y la devuelve.

    Lleva el tokenizador y la plantilla de `semilla`: sus ids caben en el vocabulario.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizador = AutoTokenizer.from_pretrained(SEMILLA)
    config = configurar(FORMAS[nombre], miniatura)
    config.use_cache = True
    config.vocab_size = max(config.vocab_size, len(tokenizador))
    for cual in ("bos", "eos", "pad"):
        setattr(config, f"{cual}_token_id", getattr(tokenizador, f"{cual}_token_id"))
    torch.manual_seed(0)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        modelo = AutoModelForCausalLM.from_config(config, dtype=dtype)
    modelo.save_pretrained(carpeta, max_shard_size="2GB")
    for archivo in DEL_TOKENIZADOR:
        shutil.copy(SEMILLA / archivo, carpeta / archivo)
    return carpeta


def apuntar_perfil(perfil: str, modelo: str, se_puede: bool) -> None:
    """Hace que el perfil use ese modelo, sin otro cambio en la lección."""
    import taller.perfil as modulo

    memoria = modulo.EN_EL_HUB[perfil][-1]
    modulo.EN_EL_HUB[perfil] = (modelo, modelo, memoria)
    os.environ["TALLER_PERFIL"] = perfil
    if se_puede:  # no hay que preguntarle al hub por una carpeta
        modulo._alcance = lambda _: None
    if not hay_gpu():  # solo en el ensayo
        modulo._problema = lambda _: None


DE_VALIDACION = 296  # la celda «10-ajustes» usa hasta esa


def con_pasos(codigo: str, perfil: str, pasos: int) -> str:
    """La celda de ajustes con otro número de pasos para un perfil."""
    nuevo, cambios = re.subn(rf'("{perfil}": \()\d+', rf"\g<1>{pasos}", codigo)
    if cambios != 1:
        raise SystemExit("La celda «10-ajustes» ya no tiene los pasos a la vista.")
    return nuevo


def recortar(datos, filas: int):
    """Las mismas particiones, con a lo sumo `filas` filas fuera del entrenamiento.

    La validación conserva las que la lección aparta para medir la pérdida.
    """
    topes = {"entrenamiento": len(datos["entrenamiento"]), "validacion": DE_VALIDACION}
    return type(datos)(
        {
            parte: suyas.select(range(min(max(filas, topes.get(parte, 0)), len(suyas))))
            for parte, suyas in datos.items()
        }
    )


def recorrer(perfil: str, pasos: int | None, filas: int | None) -> tuple[list, dict]:
    """Corre las celdas; devuelve cómo le fue a cada una y lo que quedó definido."""
    espacio: dict = {"__name__": "leccion"}
    cuenta = []
    for ident, codigo in LECCION.celdas():
        if ident == "10-ajustes" and pasos:
            codigo = con_pasos(codigo, perfil, pasos)
        inicio, estado = time.perf_counter(), "bien"
        try:
            exec(compile(codigo, ident, "exec"), espacio)
        except Exception as error:  # una celda que falla no tumba la medida
            estado = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            print(f"Falló {ident}: {estado}", flush=True)
        if ident == "10-reparto" and filas:
            espacio["datos"] = recortar(espacio["datos"], filas)
        if ident == "10-punto" and filas:
            espacio["CORTO"] = 8
        segundos = round(time.perf_counter() - inicio, 1)
        cuenta.append({"celda": ident, "segundos": segundos, "estado": estado[:300]})
        print(f"{ident}: {segundos} s", flush=True)
    return cuenta, espacio


def cifras(espacio: dict) -> dict:
    """Velocidad y memoria del entrenamiento principal, o vacío si no llegó."""
    import torch

    entrenador = espacio.get("entrenador")
    historia = entrenador.state.log_history if entrenador else []
    final = next((h for h in historia if "train_runtime" in h), None)
    if final is None:
        return {}
    tokens = max((h.get("num_tokens", 0) for h in historia), default=0)
    segundos = final["train_runtime"]
    return {
        "pasos": entrenador.state.global_step,
        "lote": entrenador.args.per_device_train_batch_size,
        "acumulacion": entrenador.args.gradient_accumulation_steps,
        "segundos": segundos,
        "segundos_por_paso": segundos / entrenador.state.global_step,
        "tokens_por_segundo": tokens / segundos,
        "pico_asignado_bytes": torch.cuda.max_memory_allocated(),
        "aciertos_durante": espacio["tablero"].aciertos,
    }


def argumentos() -> argparse.Namespace:
    """Lee la línea de órdenes."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--modelo", choices=list(FORMAS), default="smollm3-3b")
    p.add_argument("--perfil", choices=["t4", "grande"], default="t4")
    p.add_argument("--pasos", type=int, help="pasos del entrenamiento principal")
    p.add_argument("--al-azar", action="store_true", help="no pregunta al hub")
    p.add_argument("--ensayo", action="store_true", help="en CPU y en miniatura")
    return p.parse_args()


def main() -> int:
    """Elige el modelo, corre la lección y guarda las cifras."""
    a = argumentos()
    if not a.ensayo and not hay_gpu():
        print("No hay una GPU NVIDIA que PyTorch pueda usar: no medí ni escribí nada.")
        print("Ejecuta esta orden donde haya una, o ensaya el camino con --ensayo.")
        return 3
    import matplotlib
    import torch

    import taller.perfil as modulo

    os.environ["TALLER_ESTATICO"] = "1"
    matplotlib.use("Agg")
    al_azar = a.ensayo or a.al_azar or bool(modulo._alcance(FORMAS[a.modelo].hub))
    with tempfile.TemporaryDirectory(prefix="al-azar-") as carpeta:
        modelo = FORMAS[a.modelo].hub
        if al_azar:
            os.environ["HF_HUB_OFFLINE"] = "1"
            print(f"Pesos al azar con la forma de {a.modelo}.", flush=True)
            dtype, _ = modulo._precision("cuda" if hay_gpu() else "cpu")
            modelo = str(modelo_al_azar(a.modelo, Path(carpeta), dtype, a.ensayo))
        apuntar_perfil(a.perfil, modelo, al_azar)
        if a.ensayo:
            # 25: el tablero mide cada quinto, y la pérdida se anota cada 5 pasos
            cuenta, espacio = recorrer(a.perfil, a.pasos or 25, 272)
        else:
            torch.cuda.reset_peak_memory_stats()
            cuenta, espacio = recorrer(a.perfil, a.pasos, None)
    malas = [c["celda"] for c in cuenta if c["estado"] != "bien"]
    if not a.ensayo:
        tarjeta = describir_tarjeta()
        corto = re.sub(r"[^a-z0-9]+", "-", tarjeta["nombre"].lower()).strip("-")
        ruta = RESULTADOS / f"qlora-gpu-{corto}-{date.today().isoformat()}.json"
        from importlib.metadata import version

        informe = {
            "programa": "herramientas/medidas/correr_en_gpu.py",
            "fecha": date.today().isoformat(),
            "tarjeta": tarjeta,
            "versiones": {p: version(p) for p in PAQUETES},
            "modelo": a.modelo,
            "pesos": "al azar" if al_azar else "los publicados",
            "perfil": a.perfil,
            "entrenamiento": cifras(espacio),
            "celdas": cuenta,
        }
        guardar_json(ruta, informe)
        print(f"Guardado en resultados/{ruta.name}")
        print(json.dumps(informe["entrenamiento"], ensure_ascii=False))
    print(f"Fallaron: {', '.join(malas)}" if malas else "Todas las celdas corrieron.")
    return 1 if malas else 0


if __name__ == "__main__":
    sys.exit(main())
