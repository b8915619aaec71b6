"""Lo que el ensayo vigila dentro del cuaderno: cargas, ajustes, generaciones y celdas.

Acorta lo que solo gasta tiempo (pasos, tokens nuevos) y exige lo que una GPU exigiría:
que lo que se aprende empiece como lo que se pregunta, que ninguna fila pierda su
respuesta al cortarla, que la máscara tape la pregunta y que la precisión sea la de la
tarjeta. Lo que no se cumple detiene la celda con una frase.
"""

from __future__ import annotations

import copy
import functools
import gc
import json
import sys
import time
import weakref
from pathlib import Path

from herramientas.ensayo import cuenta
from herramientas.ensayo.maquina import (
    TARJETAS,
    fingir,
    fingir_torchao,
    recortar_datos,
)
from herramientas.ensayo.modelos import MODELOS

PASOS, CORTOS, PUNTOS = 12, 3, 3  # a lo sumo: con puntos de control, y sin ellos
NUEVOS, FILAS = 3, 4  # tokens que se generan de verdad y filas de cada lote
CABEN = 16  # una generación así de corta se hace entera


class FallaDelEnsayo(AssertionError):
    """Algo que en una GPU saldría mal."""


class Guardia:
    """Lleva la cuenta de un cuaderno. `celdas`: sus celdas de código, en orden."""

    def __init__(self, perfil: str, carpeta: str, salida: str, celdas: list[str]):
        self.perfil, self.salida = perfil, Path(salida)
        self.pendientes = list(celdas)
        self.celda = celdas[0]
        self.locales = {
            hub: str(Path(carpeta) / m.nombre)
            for hub, m in MODELOS.items()
            if (Path(carpeta) / m.nombre).is_dir()
        }
        self.activos: list = []
        self.vivos: list = []  # (referencia débil, celda en que nació, nombre)
        self.en_16: list = []  # referencias débiles a los pesos que irían en 16 bits
        self.corte: tuple | None = None
        self.calculo = None  # la precisión de cálculo que pidió la última carga en NF4
        self.revisadas: set = set()  # conjuntos cuyas filas ya se miraron todas
        self.reanudados: list[int] = []  # pasos desde los que se siguió
        self.de_nuevo()

    # --- celdas -----------------------------------------------------------------

    def de_nuevo(self) -> None:
        """Empieza la cuenta de una celda."""
        self.pico, self.partes, self.sucesos = 0.0, {}, []
        self.mayor = 0.0  # lo más que una pasada o una generación añadió
        self.antes = time.process_time()

    def anotar(self, suceso: str) -> None:
        """Apunta algo que pasó en la celda."""
        if suceso not in self.sucesos:
            self.sucesos.append(suceso)

    def medir(self, motivo: str, de_mas: float = 0.0) -> None:
        """Cuenta lo vivo; si con `de_mas` es el pico de la celda, lo guarda."""
        if 0 < de_mas <= self.mayor:
            return  # otra pasada igual o menor: contar de nuevo no cambia el pico
        self.mayor = max(self.mayor, de_mas)
        partes = cuenta.contar(self.activos, self.medias())
        partes["logits"] += de_mas
        if (total := sum(partes.values())) >= self.pico:
            self.pico, self.partes = total, partes | {"motivo": motivo}

    def al_acabar(self, *_) -> None:
        """Cierra la celda: su pico y los modelos que siguen vivos."""
        if self.vivos:
            self.medir("al acabar la celda")
            gc.collect()
        else:
            gc.freeze()  # lo importado no se vuelve a mirar: contar es más rápido
        vivos = [f"{n} ({donde})" for ref, donde, n in self.vivos if ref() is not None]
        fila = {"celda": self.celda, "pico": self.pico, "partes": self.partes}
        fila["cpu_s"] = round(time.process_time() - self.antes, 2)
        fila |= {"sucesos": self.sucesos, "vivos": vivos}
        with self.salida.open("a", encoding="utf-8") as archivo:
            archivo.write(json.dumps(fila, ensure_ascii=False) + "\n")
        self.de_nuevo()

    def al_empezar(self, *_) -> None:
        """Pasa a la celda siguiente."""
        self.celda = self.pendientes.pop(0) if self.pendientes else "?"

    def exigir_reanudado(self, entrenador, tablero) -> None:
        """Tras dos cortes, el ajuste acabó y su curva no tiene huecos."""
        estado = entrenador.state
        if estado.global_step != estado.max_steps:
            raise FallaDelEnsayo(f"se quedó en el paso {estado.global_step}.")
        cada = entrenador.args.logging_steps
        debe = list(range(cada, estado.max_steps + 1, cada))
        if (hay := [punto[0] for punto in tablero.curva]) != debe:
            raise FallaDelEnsayo(f"la curva debía tener los pasos {debe} y trae {hay}.")
        if self.reanudados != [PUNTOS, 3 * PUNTOS]:  # el 6 quedó estropeado
            raise FallaDelEnsayo(f"reanudó en los pasos {self.reanudados}.")
        # Python guarda el último error y, con él, el ajuste que se cortó
        sys.last_exc = sys.last_value = sys.last_traceback = None

    # --- modelos ----------------------------------------------------------------

    def modelo_de(self, ruta) -> object | None:
        """El modelo del ensayo que hay en una carpeta, o None."""
        nombre = Path(str(ruta)).name
        return next((m for m in MODELOS.values() if m.nombre == nombre), None)

    def nacio(self, red, nombre: str) -> None:
        """Sigue a un modelo, sin impedir que muera."""
        self.mayor = 0.0
        self.vivos.append((weakref.ref(red), self.celda, nombre))
        if getattr(red, "_media", False):  # aún sin adaptador, que va en 32 bits
            self.en_16 += map(weakref.ref, red.parameters())
        self.medir(f"cargar {nombre}")

    def en_32(self, modelo, opciones: dict) -> bool:
        """Cambia la media precisión que se pidió por 32 bits, y dice si lo hizo.

        Casi ninguna CPU multiplica en 16 bits a una velocidad razonable. La cuenta de
        memoria sigue siendo la de 16: el modelo lleva la marca `_media`.
        """
        import torch

        medias = (torch.float16, torch.bfloat16)
        nf4 = opciones.get("quantization_config")
        if nf4 is not None:
            self.calculo = nf4.bnb_4bit_compute_dtype
            opciones["quantization_config"] = nf4 = copy.copy(nf4)
            nf4.bnb_4bit_compute_dtype = torch.float32
        if modelo is None or opciones.get("dtype") not in medias:
            return False  # `semilla` va como se pidió: sus octetos se cuentan aparte
        self.anotar(f"pesos en {opciones['dtype']}".replace("torch.", ""))
        opciones["dtype"] = torch.float32
        return True

    def medias(self) -> set[int]:
        """Direcciones de los pesos que en la tarjeta ocuparían 16 bits."""
        return {p.data_ptr() for ref in self.en_16 if (p := ref()) is not None}

    def vigilar_cargas(self) -> None:
        """Modelos que se cargan o se copian enteros."""
        from transformers import PreTrainedModel

        cargar, copiar = PreTrainedModel.from_pretrained.__func__, copy.deepcopy

        @functools.wraps(cargar)
        def cargar_vigilado(clase, ruta, *argumentos, **opciones):
            modelo = self.modelo_de(ruta)
            if modelo and modelo not in self.activos:
                self.activos.append(modelo)
            if opciones.get("device_map") == "cuda":
                opciones["device_map"] = "cpu"  # transformers también pregunta
            media = self.en_32(modelo, opciones)
            red = cargar(clase, ruta, *argumentos, **opciones)
            red._media = media
            self.nacio(red, Path(str(ruta)).name)
            return red

        def copiar_vigilado(cosa, memo=None, *resto):
            otra = copiar(cosa, memo, *resto)
            if memo is None and isinstance(cosa, PreTrainedModel):
                self.nacio(otra, "copia")
            return otra

        PreTrainedModel.from_pretrained = classmethod(cargar_vigilado)
        copy.deepcopy = copiar_vigilado

    def vigilar_pasadas(self) -> None:
        """Logits enteros y activaciones fuera de SFTTrainer, y la generación."""
        import torch
        from transformers import GenerationMixin
        from transformers.models.qwen3.modeling_qwen3 import Qwen3ForCausalLM
        from transformers.models.smollm3.modeling_smollm3 import SmolLM3ForCausalLM

        from taller import pares

        def pasada(red, hacer, *argumentos, **opciones):
            salida = hacer(red, *argumentos, **opciones)
            modelo = self.modelo_de(red.config._name_or_path)
            logits = getattr(salida, "logits", None)
            if modelo is None or logits is None or self.generando:
                return salida
            lote, largo = logits.shape[:2]
            r = modelo.reales
            octetos = 2 if getattr(red, "_media", False) else 4
            de_mas = lote * largo * r["V"] * octetos
            if salida.get("loss") is not None:
                de_mas = cuenta.de_logits(r, lote, largo)
            if torch.is_grad_enabled():
                recalcula = red.is_gradient_checkpointing and red.training
                de_mas += cuenta.de_entrenar(r, lote, largo, recalcula, octetos)
            self.medir(f"pasada de {lote} × {largo} tokens", de_mas)
            return salida

        self.generando = False
        for clase in (Qwen3ForCausalLM, SmolLM3ForCausalLM):
            hacer = clase.forward

            def vigilada(red, *a, _hacer=hacer, **k):
                return pasada(red, _hacer, *a, **k)

            clase.forward = functools.wraps(hacer)(vigilada)
        generar = GenerationMixin.generate

        @functools.wraps(generar)
        def generar_corto(red, inputs=None, **opciones):
            modelo = self.modelo_de(red.config._name_or_path)
            ids = opciones.get("input_ids", inputs)
            nuevos = opciones.get("max_new_tokens")
            if modelo is None or ids is None or not nuevos:
                return generar(red, inputs, **opciones)
            lote, largo = ids.shape
            de_mas = cuenta.de_generar(modelo.reales, lote, largo, nuevos)
            self.medir(f"generar {lote} × {largo} + {nuevos} tokens", de_mas)
            if lote <= FILAS and nuevos <= CABEN:
                return generar(red, inputs, **opciones)
            minimo = opciones.pop("min_new_tokens", 0)
            opciones["max_new_tokens"] = min(nuevos, NUEVOS)
            pocas = {
                k: v[:FILAS] if getattr(v, "ndim", 0) == 2 else v
                for k, v in opciones.items()
            }
            self.generando = True
            try:
                hechos = generar(
                    red, inputs if inputs is None else ids[:FILAS], **pocas
                )
            finally:
                self.generando = False
            if not isinstance(hechos, torch.Tensor):
                return hechos
            nuevas = hechos[:, largo:].repeat(-(-lote // len(hechos)), 1)[:lote]
            if (tiene := nuevas.shape[1]) < minimo:  # las que faltan repiten las hechas
                nuevas = nuevas.repeat(1, -(-minimo // tiene))[:, :minimo]
            return torch.cat([ids, nuevas], dim=1)

        GenerationMixin.generate = generar_corto
        sumar = pares._sumar

        def sumar_vigilado(red, codigos, desde=None):
            modelo = self.modelo_de(red.config._name_or_path)
            if modelo is None:
                return sumar(red, codigos, desde)
            lote, largo = len(codigos), max(map(len, codigos)) - 1
            de_mas = cuenta.de_puntuar(modelo.reales, lote, largo)
            self.medir(f"puntuar {lote} × {largo} tokens", de_mas)
            hechas = sumar(red, codigos[:FILAS], desde and desde[:FILAS])
            return (hechas * lote)[:lote]

        pares._sumar = sumar_vigilado


def empezar(perfil: str, carpeta: str, salida: str, celdas: list[str]) -> Guardia:
    """Lo que ejecuta la celda que el ensayo pone primero. Devuelve el guardia."""
    import torch
    from IPython import get_ipython

    from herramientas.ensayo import ajustes

    torch.set_num_threads(1)  # las miniaturas no dan trabajo a más
    guardia = Guardia(perfil, carpeta, salida, celdas)
    fingir(perfil, guardia.locales, guardia.anotar)
    guardia.vigilar_cargas()
    guardia.vigilar_pasadas()
    ajustes.vigilar(guardia, TARJETAS[perfil][0])
    recortar_datos()
    fingir_torchao(Path(salida).parent / "torchao-viejo")
    eventos = get_ipython().events
    eventos.register("pre_run_cell", guardia.al_empezar)
    eventos.register("post_run_cell", guardia.al_acabar)
    return guardia
