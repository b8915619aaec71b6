"""Corre la lección 10 en una GPU y anota aciertos, tiempo y memoria. Sin probar en GPU.

Lo usa medir.py. Corre las celdas tal como están; solo cambia de dónde salen los pesos y
cuántos pasos se dan. Con `semilla` el modelo es el del curso y aprende de verdad. Con
otro, lleva la forma del publicado, pesos al azar y su plantilla de chat: la velocidad y
la memoria son reales; el texto, ruido, y no se cuentan aciertos.
"""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from pathlib import Path

from herramientas.medidas.celdas import Leccion
from herramientas.medidas.formas import FORMAS, SinMedir, armar, configurar

# Se saltan las celdas que dibujan, cargan el adaptador anterior o repiten un gradiente.
LECCION = Leccion("10_qlora_sft", hasta="despues", sin="control acumular listo curva")
CALENTAMIENTO = 2  # pasos que no cuentan en la mediana
PARTES = ("prueba", "nunca_leidos")  # de ellas se cuentan aciertos al final


def cronometro(tope: int | None, limite_s: float, cuda: bool):
    """Un TrainerCallback que toma el tiempo y el pico de cada paso.

    Argumentos: `tope`, pasos tras los que se detiene el ajuste, o None; `limite_s`,
    hora de `time.monotonic` tras la que se detiene si ya hay tres pasos que cuentan.
    """
    import torch
    from transformers import TrainerCallback

    class Cronometro(TrainerCallback):
        def on_train_begin(self, args, state, control, **_):
            self.tiempos, self.pico, self.reservado, self.tokens = [], 0, 0, 0

        def on_step_begin(self, args, state, control, **_):
            if cuda:
                torch.cuda.synchronize()
                torch.cuda.reset_peak_memory_stats()
            self.antes = time.perf_counter()

        def on_step_end(self, args, state, control, **_):
            if cuda:
                torch.cuda.synchronize()
                self.pico = max(self.pico, torch.cuda.max_memory_allocated())
                self.reservado = max(self.reservado, torch.cuda.max_memory_reserved())
            self.tiempos.append(time.perf_counter() - self.antes)
            listos = len(self.tiempos) >= CALENTAMIENTO + 3
            if listos and time.monotonic() > limite_s or state.global_step == tope:
                control.should_training_stop = True

        def on_log(self, args, state, control, logs, **_):
            if "num_tokens" in logs:
                self.tokens, self.vistos = logs["num_tokens"], len(self.tiempos)

    return Cronometro()


def cifras(reloj, entrenador, calentamiento: int = CALENTAMIENTO) -> dict:
    """Velocidad y memoria de un ajuste. El pico es el de un paso, sin evaluaciones."""
    if len(reloj.tiempos) <= calentamiento:
        raise ArithmeticError("el ajuste terminó antes de que hubiera pasos que contar")
    cuda = reloj.pico > 0
    del_todo = sum(reloj.tiempos[: reloj.vistos]) if reloj.tokens else 0
    args = entrenador.args
    return {
        "pasos": len(reloj.tiempos),
        "lote": args.per_device_train_batch_size,
        "acumulacion": args.gradient_accumulation_steps,
        "optimizador": str(getattr(args.optim, "value", args.optim)),
        "precision": "float16" if args.fp16 else "bfloat16" if args.bf16 else "float32",
        "segundos_pasos": reloj.tiempos,
        "segundos_por_paso": statistics.median(reloj.tiempos[calentamiento:]),
        "tokens_por_segundo": reloj.tokens / del_todo if del_todo else None,
        "pico_asignado_bytes": reloj.pico if cuda else None,
        "pico_reservado_bytes": reloj.reservado if cuda else None,
    }


def apuntar_perfil(perfil: str, modelo: str | None, dispositivo: str) -> None:
    """Hace que la lección use ese perfil y ese modelo, sin preguntar al hub.

    Errores: SinMedir si la tarjeta no tiene la memoria que el perfil pide.
    """
    import taller.perfil as modulo

    os.environ["TALLER_PERFIL"] = perfil
    if modelo is None:
        return
    memoria = modulo.EN_EL_HUB[perfil][-1]
    modulo.EN_EL_HUB[perfil] = (modelo, modelo, memoria)
    modulo._alcance = lambda _: None
    if dispositivo == "cpu":  # solo en el ensayo
        modulo._problema = lambda _: None
    elif problema := modulo._problema(perfil):
        raise SinMedir(problema)


def con_modelo_al_azar(nombre: str, carpeta: Path, miniatura: bool) -> None:
    """Deja en `carpeta` el tokenizador y hace que los pesos se armen al pedirlos.

    El tokenizador es el de `semilla`, con los tokens de turno y la plantilla de chat
    del modelo; sus ids caben en el vocabulario. Nada grande se escribe en el disco.
    """
    import datasets
    import torch
    from transformers import AutoModelForCausalLM

    from herramientas.ensayo import ajustes, modelos

    tok = modelos.tokenizador(modelos.MODELOS[FORMAS[nombre].hub])
    tok.save_pretrained(carpeta)
    config = configurar(FORMAS[nombre], miniatura)
    config.vocab_size = max(config.vocab_size, len(tok))
    config.use_cache, config._name_or_path = True, str(carpeta)
    for cual in ("bos", "eos", "pad"):
        setattr(config, f"{cual}_token_id", getattr(tok, f"{cual}_token_id"))

    def al_azar(_, quantization_config=None, dtype=None, device_map=None, **sobran):
        if sobran:
            raise TypeError(f"from_pretrained() no espera {', '.join(sobran)}")
        torch.manual_seed(0)
        return armar(config, dtype, str(device_map), quantization_config)

    AutoModelForCausalLM.from_pretrained = al_azar
    # Una de cada cuatro charlas es general: aquí, inventada con el largo de aquellas.
    datasets.load_dataset = ajustes._conversaciones


def con_pasos(codigo: str, perfil: str, pasos: int) -> str:
    """La celda de ajustes con otro número de pasos para un perfil."""
    nuevo, cambios = re.subn(rf'("{perfil}": \()\d+', rf"\g<1>{pasos}", codigo)
    if cambios != 1:
        raise SystemExit("La celda «10-ajustes» ya no tiene los pasos a la vista.")
    return nuevo


def recorrer(leccion: Leccion, perfil: str, pasos: int | None, reloj) -> dict:
    """Corre las celdas y devuelve lo que definen. `reloj` va en cada entrenador."""
    espacio: dict = {"__name__": "leccion"}
    for ident, codigo in leccion.celdas():
        if ident == "10-ajustes" and pasos:
            codigo = con_pasos(codigo, perfil, pasos)
        exec(compile(codigo, ident, "exec"), espacio)
        if ident == "10-entrenador":
            original = espacio["entrenador_para"]

            def con_reloj(*dados, _original=original, **opciones):
                nuevo = _original(*dados, **opciones)
                nuevo.add_callback(reloj)
                return nuevo

            espacio["entrenador_para"] = con_reloj
    return espacio


def aciertos(espacio: dict) -> dict:
    """Los aciertos de la lección, antes, durante y después del ajuste."""

    def contar(dichas, filas) -> dict:
        bien = sum(map(espacio["exacto"], dichas, filas))
        p, bajo, alto = espacio["intervalo"](bien, len(filas))
        return {"n": len(filas), "exacto": p, "bajo": bajo, "alto": alto}

    salida = {"antes": contar(espacio["antes"], espacio["muestra"])}
    for parte in PARTES:
        salida[parte] = contar(espacio["dichas"][parte], espacio["finales"][parte])
    return {
        "aciertos": salida,
        "aciertos_durante": [list(a) for a in espacio["tablero"].aciertos],
        "perdida_validacion": [list(v) for v in espacio["tablero"].validacion],
    }


def medir_leccion(pedido: dict) -> dict:
    """Las cifras de la lección 10 con un perfil.

    `pedido`: perfil, modelo (None con `semilla`), pasos (None, los de la lección),
    tope (pasos que se dan de ellos, o None), miniatura, dispositivo y plazo_s.
    """
    import matplotlib

    matplotlib.use("Agg")
    perfil, modelo = pedido["perfil"], pedido["modelo"]
    cuda = pedido["dispositivo"] == "cuda"
    limite = time.monotonic() + 0.8 * pedido["plazo_s"]
    reloj = cronometro(pedido["tope"], limite, cuda)
    with tempfile.TemporaryDirectory(prefix="medir-") as carpeta:
        tempfile.tempdir = carpeta  # lo que la lección escribe se borra aquí
        try:
            hasta = LECCION
            if modelo:
                local = Path(carpeta, FORMAS[modelo].hub.split("/")[1])
                con_modelo_al_azar(modelo, local, pedido["miniatura"])
                apuntar_perfil(perfil, str(local), pedido["dispositivo"])
                hasta = Leccion(
                    LECCION.cuaderno, hasta="entrenar", sin="control acumular listo"
                )
            else:
                apuntar_perfil(perfil, None, pedido["dispositivo"])
            espacio = recorrer(hasta, perfil, pedido["pasos"], reloj)
            hecho = cifras(reloj, espacio["entrenador"])
            largos = [len(f["input_ids"]) for f in espacio["entrenador"].train_dataset]
            hecho |= {"largo_mayor": max(largos)}
            return hecho if modelo else hecho | aciertos(espacio)
        finally:
            tempfile.tempdir = None
