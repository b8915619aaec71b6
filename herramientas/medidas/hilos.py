"""Mide qué hilos y qué espera convienen a `semilla` en la CPU, libre y compartida.

    python -m herramientas.medidas.hilos               # unos 8 minutos, sin otra cosa
    python -m herramientas.medidas.hilos --vueltas 1   # una sola vuelta

Cada ajuste corre en su propio proceso, porque OpenMP lo lee al cargar torch: doce pasos
de LoRA de 16 × 48 tokens y cinco respuestas de 40 tokens; se guarda la mediana, y los
segundos de procesador de todo. Los ajustes se miden por turnos, primero con la máquina
libre y luego al lado de tres procesos que ocupan un núcleo cada uno. Escribe
resultados/hilos.json, del que sale lo que decide taller/hilos.py.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version

from tqdm import tqdm

from herramientas.archivos import RAIZ, RESULTADOS, SEMILLA, guardar_json

RESULTADO = RESULTADOS / "hilos.json"
AJUSTES = {
    "de fábrica": {},
    "un hilo": {"OMP_NUM_THREADS": "1"},
    "espera pasiva": {"OMP_WAIT_POLICY": "PASSIVE"},
    "espera de 100 vueltas": {"GOMP_SPINCOUNT": "100"},
    "espera de 1000 vueltas": {"GOMP_SPINCOUNT": "1000"},
    "espera de 10 000 vueltas": {"GOMP_SPINCOUNT": "10000"},
}
VECINOS = 3
# Ocupa un núcleo y acaba con quien lo abrió, aunque a ese lo maten: entonces el sistema
# cierra su entrada.
GIRAR = """
import os, sys, threading
def acabar():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=acabar, daemon=True).start()
while True:
    pass
"""
QUITAR = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "TALLER_HILOS")


def caso() -> dict[str, float]:
    """En un proceso nuevo: segundos por paso y por respuesta, y los de procesador."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    base = AutoModelForCausalLM.from_pretrained(SEMILLA, dtype=torch.float32)
    ajustes = LoraConfig(r=16, target_modules="all-linear", task_type="CAUSAL_LM")
    modelo = get_peft_model(base, ajustes)
    adam = torch.optim.AdamW([p for p in modelo.parameters() if p.requires_grad])
    ids = torch.randint(6, modelo.config.vocab_size, (16, 48))

    def paso() -> None:
        modelo(input_ids=ids, labels=ids).loss.backward()
        adam.step()
        adam.zero_grad()

    def responder() -> None:
        largo = {"max_new_tokens": 40, "min_new_tokens": 40}
        modelo.generate(input_ids=ids[:1, :10], do_sample=False, **largo)

    def medir(funcion, veces: int) -> float:
        tiempos = []
        for _ in range(veces):
            inicio = time.perf_counter()
            funcion()
            tiempos.append(time.perf_counter() - inicio)
        return round(statistics.median(tiempos), 4)

    for _ in range(3):
        paso()
    pasos = medir(paso, 12)
    modelo.eval()
    return {
        "paso_s": pasos,
        "respuesta_s": medir(responder, 5),
        "cpu_s": round(time.process_time(), 2),
    }


def en_otro_proceso(ajuste: dict[str, str]) -> dict[str, float]:
    """Mide un ajuste; termina con una frase si el proceso falla."""
    entorno = {k: v for k, v in os.environ.items() if k not in QUITAR}
    orden = [sys.executable, "-m", "herramientas.medidas.hilos", "--caso"]
    hecho = subprocess.run(
        orden,
        cwd=RAIZ,
        env=entorno | {"HF_HUB_OFFLINE": "1"} | ajuste,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )
    if hecho.returncode:
        raise SystemExit(f"Falló el ajuste {ajuste}:\n{hecho.stderr[-500:]}")
    return json.loads(hecho.stdout.splitlines()[-1])


@contextmanager
def con_vecinos(cuantos: int) -> Iterator[None]:
    """Mientras dura el `with`, tantos procesos ocupan un núcleo cada uno."""
    orden, procesos = [sys.executable, "-c", GIRAR], []
    try:
        for _ in range(cuantos):
            procesos.append(subprocess.Popen(orden, stdin=subprocess.PIPE))
        yield
    finally:
        for proceso in procesos:
            proceso.kill()
        for proceso in procesos:
            proceso.communicate()


def medir_todo(vueltas: int) -> list[dict]:
    """Una fila por ajuste y situación, con la mediana de las vueltas."""
    medidas: dict[tuple[str, int], list[dict]] = {}
    barra = tqdm(total=2 * vueltas * len(AJUSTES), desc="hilos", unit="caso")
    for vecinos in (0, VECINOS):
        with con_vecinos(vecinos):
            for _ in range(vueltas):
                for nombre, ajuste in AJUSTES.items():
                    medida = en_otro_proceso(ajuste)
                    medidas.setdefault((nombre, vecinos), []).append(medida)
                    barra.update()
    return [
        {"ajuste": nombre, "vecinos": vecinos, "variables": AJUSTES[nombre]}
        | {k: statistics.median(m[k] for m in lista) for k in lista[0]}
        for (nombre, vecinos), lista in medidas.items()
    ]


def main() -> None:
    """Mide y escribe el archivo entero al final."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--vueltas", type=int, default=3)
    p.add_argument("--caso", action="store_true", help="mide aquí, y lo imprime")
    a = p.parse_args()
    if a.caso:
        print(json.dumps(caso()))
        return
    informe = {
        "programa": "herramientas/medidas/hilos.py",
        "fecha": date.today().isoformat(),
        "nucleos": os.cpu_count(),
        "vueltas": a.vueltas,
        "torch": version("torch"),
        "filas": medir_todo(a.vueltas),
    }
    guardar_json(RESULTADO, informe)
    for f in informe["filas"]:
        cifras = "paso {paso_s:.3f} s, 40 tokens {respuesta_s:.3f} s".format(**f)
        print(f"{f['ajuste']:25} {f['vecinos']} vecinos: {cifras}")


if __name__ == "__main__":
    main()
