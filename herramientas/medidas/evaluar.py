"""Evalúa un modelo en todos los conjuntos del curso y guarda las cifras.

    make evaluar                            # semilla, antes y después
    make evaluar ARGS="--modelo CARPETA"    # una carpeta o un id del hub
    make evaluar ARGS="--solo variedades"   # solo ese conjunto; lo demás se conserva

Sin argumentos mide `semilla` en NF4 y otra vez con el adaptador de la lección 10, que
solo aprendió a cambiar de tú a vos y a usted: lo demás dice qué ganó y qué perdió.
Cada cifra lleva su n y un intervalo del 95 %. Escribe resultados/evaluacion-….json.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import torch
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    BitsAndBytesConfig,
)

from herramientas.archivos import (
    ADAPTADOR,
    RESULTADOS,
    SEMILLA,
    guardar_json,
    razon,
    sello,
)
from herramientas.cuadernos.leer import ENTORNO
from herramientas.medidas.comprobar import (
    comprobar_adaptador,
    comprobar_salida,
    comprobar_semilla,
    positivo,
    sin_modelo,
)
from taller import (
    ErrorDelTaller,
    cargar_datos,
    generar,
    intervalo,
    puntuar_pares,
)
from taller.conjuntos.finanzas import ETIQUETAS, TIPOS
from taller.conjuntos.respuestas import acierta
from taller.conjuntos.tratamientos import instruccion, respuestas
from taller.conjuntos.variedades import sin_pronombre, solo_pronombre
from taller.pares import resumir, sumar_continuaciones

SIN_PLANTILLA = "{% for m in messages %}{{ m['content'] + '\n' }}{% endfor %}"
POR_TRATO = ("prueba", "nunca_leidos")  # partes que se cuentan también por trato
LIBRES = ("libres_validacion", "libres")
REMUESTRAS = 1000
PAQUETES = ("torch", "transformers", "peft", "bitsandbytes")
CONJUNTOS = (
    "registros",
    "variedades",
    "tratamientos",
    "finanzas_sentimiento",
    "finanzas_entidades",
    "finanzas_preguntas",
)


def tipo() -> torch.dtype:
    """El de los pesos y las cuentas en este equipo."""
    if not torch.cuda.is_available():
        return torch.float32
    moderno = torch.cuda.get_device_capability() >= (8, 0)
    return torch.bfloat16 if moderno else torch.float16


def cargar(modelo: str, en_4_bits: bool):
    """El modelo y su tokenizador; termina con una frase clara si no se puede."""
    opciones: dict = {"dtype": tipo()}
    if torch.cuda.is_available():
        opciones["device_map"] = "cuda"
    if en_4_bits:
        opciones["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_compute_dtype=opciones["dtype"],
            bnb_4bit_use_double_quant=True,
        )
    try:
        tokenizador = AutoTokenizer.from_pretrained(modelo)
        cargado = AutoModelForCausalLM.from_pretrained(modelo, **opciones).eval()
    except torch.OutOfMemoryError as causa:
        raise SystemExit(f"{modelo} no cabe en la GPU: prueba con --4bits.") from causa
    except (OSError, ValueError) as causa:
        raise SystemExit(sin_modelo(modelo)) from causa
    except (SafetensorError, RuntimeError, LookupError) as causa:
        raise SystemExit(
            f"Los pesos de {modelo} están dañados o no son los de su config.json."
        ) from causa
    if tokenizador.chat_template is None:
        tokenizador.chat_template = SIN_PLANTILLA  # modelo base: solo el texto
    if tokenizador.pad_token is None:
        tokenizador.pad_token = tokenizador.eos_token
    return cargado, tokenizador


def fila(conjunto: str, parte: str, medida: str, n: int, valores) -> dict:
    """Una cifra con su intervalo."""
    valor, bajo, alto = (round(float(v), 4) for v in valores)
    nombres = {"conjunto": conjunto, "parte": parte, "medida": medida, "n": n}
    return nombres | {"valor": valor, "bajo": bajo, "alto": alto}


def proporcion(conjunto: str, parte: str, aciertos: list[bool], medida="acierto"):
    """Una fracción de aciertos con su intervalo de Wilson."""
    n = len(aciertos)
    return fila(conjunto, parte, medida, n, intervalo(sum(aciertos), n))


def con_remuestreo(cuenta, elementos: list):
    """El valor de `cuenta(elementos)` y su intervalo por remuestreo (bootstrap)."""
    azar, n = random.Random(2026), len(elementos)
    otros = sorted(cuenta(azar.choices(elementos, k=n)) for _ in range(REMUESTRAS))
    return cuenta(elementos), otros[REMUESTRAS // 40], otros[-REMUESTRAS // 40]


def preguntar(modelo, tok, pedidos: list[str], max_tokens: int) -> list[str]:
    """Respuestas codiciosas, cada una a un mensaje de usuario."""
    charlas = [[{"role": "user", "content": p}] for p in pedidos]
    return generar(modelo, tok, charlas, max_tokens=max_tokens)


def elegidas(datos, partes, limite: int) -> dict[str, list[dict]]:
    """Las filas de cada parte; si pasan del límite, una muestra fija."""
    salida = {}
    for parte in partes:
        filas = list(datos[parte])
        if len(filas) > limite:
            filas = random.Random(2026).sample(filas, limite)
        salida[parte] = filas
    return salida


def medir_registros(modelo, tok, limite: int) -> list[dict]:
    """Bits por carácter de los textos de cada registro, de toda la colección."""
    datos = elegidas(cargar_datos("registros"), ("entrenamiento", "prueba"), limite)
    por_registro: dict[str, list[tuple[float, int]]] = {}
    contexto = getattr(modelo.config, "max_position_embeddings", 1024)
    for texto in [f for filas in datos.values() for f in filas]:
        ids = tok.encode(texto["texto"], add_special_tokens=False)
        nats = sum_por_ventanas(modelo, tok, ids, min(contexto, 1024))
        bits = -nats / math.log(2)
        por_registro.setdefault(texto["registro"], []).append(
            (bits, len(texto["texto"]))
        )

    def media(textos):
        return sum(b for b, _ in textos) / sum(c for _, c in textos)

    return [
        fila("registros", r, "bits por carácter", len(v), con_remuestreo(media, v))
        for r, v in sorted(por_registro.items())
    ]


def sum_por_ventanas(modelo, tok, ids: list[int], contexto: int) -> float:
    """Log-probabilidad de un texto largo, en ventanas que avanzan medio contexto."""
    inicio = tok.bos_token_id if tok.bos_token_id is not None else tok.eos_token_id
    ids, paso, total = [inicio, *ids], contexto // 2, 0.0
    desde = 1  # primer token que la ventana anterior no cubrió
    while desde < len(ids):
        hasta = min(len(ids), desde + paso)
        comienzo = max(0, hasta - contexto)
        corte = desde - comienzo
        trozo = ids[comienzo:hasta]
        total += sumar_continuaciones(modelo, [(trozo[:corte], trozo[corte:])])[0]
        desde = hasta
    return total


def medir_variedades(modelo, tok, limite: int) -> list[dict]:
    """Acierto en pares mínimos: por fenómeno, por lado y, en lo propio, por zona.

    En `espejo` dice además, donde solo el pronombre fija la persona, cuántas veces el
    modelo prefiere la forma propia del fenómeno con ese pronombre, con el otro y sin
    ninguno: la distancia entre las dos primeras es concordancia; la última, gusto.
    """
    filas = []
    for parte, pares in cargar_datos("variedades").items():
        pares, conjunto = list(pares), f"variedades, {parte}"
        puntos = puntuar_pares(modelo, tok, pares)
        for por in ("fenomeno", ["fenomeno", "zonas"]):
            mide = [
                (par, punto)
                for par, punto in zip(pares, puntos, strict=True)
                if por == "fenomeno" or len(par["zonas"]) == 1
            ]
            for celda, c in resumir(*zip(*mide, strict=True), por)["celdas"].items():
                if parte == "portugues" and por != "fenomeno":
                    continue  # todo es de Brasil
                valores = (c["acierto"], c["bajo"], c["alto"])
                filas.append(fila(conjunto, celda, "acierto", c["n"], valores))
        if parte == "espejo":
            filas += _preferencias(modelo, tok, pares, puntos, conjunto)
    return filas


def _preferencias(modelo, tok, pares, puntos, conjunto: str) -> list[dict]:
    """Cuántos marcos prefieren la forma propia con cada pronombre y sin él."""
    bien = {p["id"]: b > m for p, (b, m) in zip(pares, puntos, strict=True)}
    marcos = solo_pronombre(pares)
    sueltos = puntuar_pares(modelo, tok, [sin_pronombre(uno) for uno, _ in marcos])
    filas = []
    for fenomeno in dict.fromkeys(uno["fenomeno"] for uno, _ in marcos):
        suyos = [
            (bien[uno["id"]], not bien[otro["id"]], buena > mala)
            for (uno, otro), (buena, mala) in zip(marcos, sueltos, strict=True)
            if uno["fenomeno"] == fenomeno
        ]
        casos = ("su pronombre", "el otro pronombre", "ningún pronombre")
        for caso, dichos in zip(casos, zip(*suyos, strict=True), strict=True):
            nombre = f"{fenomeno} · con {caso}"
            filas.append(proporcion(conjunto, nombre, dichos, "prefiere la propia"))
    return filas


def medir_tratamientos(modelo, tok, limite: int) -> list[dict]:
    """Acierto exacto de tú a vos y a usted, por partición, y el de copiar."""
    datos = cargar_datos("tratamientos").filter(
        lambda f: f["de"] == "tú" and f["a"] in ("vos", "usted")
    )
    partes = (
        "validacion prueba nunca_leidos marcos_nuevos todo_nuevo supletivos".split()
    )
    filas = []
    for parte, pares in elegidas(datos, partes, limite).items():
        dichos = preguntar(modelo, tok, [instruccion(p) for p in pares], 40)
        bien = [d == p["destino"] for d, p in zip(dichos, pares, strict=True)]
        filas.append(proporcion("tratamientos", parte, bien, "acierto exacto"))
        for a in ("vos", "usted") if parte in POR_TRATO else ():
            suyos = [b for b, p in zip(bien, pares, strict=True) if p["a"] == a]
            if suyos:  # con un límite muy chico puede no tocar ninguno
                rotulo = f"{parte}, {a}"
                filas.append(
                    proporcion("tratamientos", rotulo, suyos, "acierto exacto")
                )
        if parte == "prueba":
            copiar = [p["origen"] == p["destino"] for p in pares]
            filas.append(proporcion("tratamientos", "copiar", copiar, "acierto exacto"))
    return filas


def medir_libres(modelo, tok, limite: int) -> list[dict]:
    """Acierto en oraciones escritas a mano: vale cualquiera de las aceptadas."""
    filas = []
    for parte, pares in elegidas(cargar_datos("libres"), LIBRES, limite).items():
        for a in ("vos", "usted"):
            dichos = preguntar(modelo, tok, [instruccion(p, a) for p in pares], 40)
            pares_dichos = zip(dichos, pares, strict=True)
            bien = [d in respuestas(p, a) for d, p in pares_dichos]
            filas.append(proporcion("tratamientos", f"{parte}, {a}", bien))
    return filas


def medir_sentimiento(modelo, tok, limite: int) -> list[dict]:
    """Etiqueta más probable de cada titular, por octeto, sin ejemplos previos."""
    (filas,) = elegidas(
        cargar_datos("finanzas_sentimiento"), ("prueba",), limite
    ).values()
    casos = []
    for f in filas:
        pedido = f"Sentimiento, positivo, negativo o neutro: {f['texto']}"
        charla = [{"role": "user", "content": pedido}]
        antes = tok.apply_chat_template(
            charla, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
        antes = tok.encode(antes, add_special_tokens=False)
        for etiqueta in ETIQUETAS:
            casos.append((antes, tok.encode(" " + etiqueta, add_special_tokens=False)))
    sumas = sumar_continuaciones(modelo, casos)
    bien = []
    for i, f in enumerate(filas):
        tres = sumas[3 * i : 3 * i + 3]
        por_octeto = [s / len(e.encode()) for s, e in zip(tres, ETIQUETAS, strict=True)]
        bien.append(ETIQUETAS[por_octeto.index(max(por_octeto))] == f["etiqueta"])
    return [proporcion("finanzas", "sentimiento", bien)]


def medir_preguntas(modelo, tok, limite: int) -> list[dict]:
    """Respuesta corta que es la esperada o uno de sus otros nombres."""
    (filas,) = elegidas(
        cargar_datos("finanzas_preguntas"), ("prueba",), limite
    ).values()
    dichos = preguntar(modelo, tok, [f["pregunta"] for f in filas], 24)
    pares = zip(dichos, filas, strict=True)
    bien = [acierta(d, f) for d, f in pares]
    return [proporcion("finanzas", "preguntas", bien, "acierto exacto")]


def medir_entidades(modelo, tok, limite: int) -> list[dict]:
    """F1 de las entidades que el modelo escribe como «tipo: texto; tipo: texto»."""
    (filas,) = elegidas(
        cargar_datos("finanzas_entidades"), ("prueba",), limite
    ).values()
    pedido = f"Escribe cada {', '.join(TIPOS)} como «tipo: texto; tipo: texto»: "
    dichos = preguntar(modelo, tok, [pedido + f["texto"] for f in filas], 60)
    cuentas = []
    for dicho, f in zip(dichos, filas, strict=True):
        suyas = {tuple(p.strip().split(": ", 1)) for p in dicho.split(";") if ": " in p}
        ciertas = {(e["tipo"], e["texto"]) for e in f["entidades"]}
        cuentas.append((len(suyas & ciertas), len(suyas), len(ciertas)))

    def f1(lista):
        bien, dichas, reales = (sum(c[i] for c in lista) for i in range(3))
        return 2 * bien / (dichas + reales)

    valores = con_remuestreo(f1, cuentas)
    return [fila("finanzas", "entidades", "F1", len(filas), valores)]


MEDIDAS = {
    "registros": medir_registros,
    "variedades": medir_variedades,
    "tratamientos": medir_tratamientos,
    "libres": medir_libres,
    "sentimiento": medir_sentimiento,
    "entidades": medir_entidades,
    "preguntas": medir_preguntas,
}


# Qué medidas llenan cada conjunto del informe.
DE_CONJUNTO = {
    "registros": ("registros",),
    "variedades": ("variedades",),
    "tratamientos": ("tratamientos", "libres"),
    "finanzas": ("sentimiento", "entidades", "preguntas"),
}


def medir(modelo, tok, rotulo: str, limite: int, solo: str = "") -> list[dict]:
    """Las medidas de un modelo, en orden, con aviso de lo que va haciendo.

    `solo` es un conjunto de DE_CONJUNTO; por omisión, todos.
    """
    filas = []
    for nombre, funcion in MEDIDAS.items():
        if solo and nombre not in DE_CONJUNTO[solo]:
            continue
        inicio = time.perf_counter()
        filas += funcion(modelo, tok, limite)
        segundos = time.perf_counter() - inicio
        print(f"{rotulo}: {nombre}, {segundos:.0f} s", flush=True)
    return filas


def mostrar(informe: dict) -> None:
    """Imprime una línea por cifra."""
    for f in informe["filas"]:
        nombre = f"{f['conjunto']} · {f['parte']} ({f['medida']}, n={f['n']})"
        cifras = [f"{f['valor']:.3f} [{f['bajo']:.3f}, {f['alto']:.3f}]"]
        if despues := f.get("despues"):
            cifras.append("{valor:.3f} [{bajo:.3f}, {alto:.3f}]".format(**despues))
        print(f"{nombre:64} {' -> '.join(cifras)}")


def argumentos() -> argparse.Namespace:
    """Lee la línea de órdenes y decide lo que no se dijo."""
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--modelo", help="carpeta o id del hub; por omisión, semilla")
    p.add_argument("--adaptador", type=Path, help="adaptador de PEFT que se le suma")
    p.add_argument("--4bits", dest="en_4_bits", action="store_true", help="en NF4")
    p.add_argument("--solo", choices=DE_CONJUNTO, default="", help="un conjunto")
    p.add_argument("--limite", type=positivo, default=1500, help="filas por partición")
    p.add_argument("--salida", type=Path, help="archivo JSON que se escribe")
    a = p.parse_args()
    if a.modelo is None:
        a.modelo, a.en_4_bits = str(SEMILLA), True
        if not a.adaptador and ADAPTADOR.is_dir():
            a.adaptador = ADAPTADOR
    a.es_semilla = Path(a.modelo).resolve() == SEMILLA.resolve()
    a.nombre = "semilla" if a.es_semilla else Path(a.modelo).name
    a.salida = a.salida or RESULTADOS / f"evaluacion-{a.nombre}.json"
    return a


def comprobar(a: argparse.Namespace) -> None:
    """Mira todo lo que puede fallar antes de medir; termina con una frase si falla."""
    comprobar_salida(a.salida)
    if a.es_semilla:
        comprobar_semilla(SEMILLA)
    if a.adaptador:
        comprobar_adaptador(a.adaptador, a.modelo, a.es_semilla)
    try:
        for nombre in CONJUNTOS:
            cargar_datos(nombre)
    except ErrorDelTaller as causa:
        raise SystemExit(str(causa)) from causa
    if a.solo and a.salida.exists():
        leer_guardado(a.salida, con_que(a))


def sellos(a: argparse.Namespace) -> dict[str, str]:
    """El SHA-256 de los pesos que se miden: los de `semilla` y los del adaptador."""
    salida = {}
    if a.es_semilla:
        salida["pesos"] = sello(SEMILLA / "model.safetensors")
    if a.adaptador:
        salida["adaptador"] = sello(a.adaptador / "adapter_model.safetensors")
    return salida


def con_que(a: argparse.Namespace) -> dict:
    """Con qué se mide: todo eso se sabe antes de medir."""
    return {
        "modelo": a.nombre,
        "precision": "NF4" if a.en_4_bits else str(tipo()).removeprefix("torch."),
        **sellos(a),
        "limite": a.limite,
        "hilos": torch.get_num_threads(),
        "versiones": {p: version(p) for p in PAQUETES},
    }


def medir_todo(a: argparse.Namespace) -> dict:
    """El informe entero: cada cifra, y con qué se midió."""
    inicio, comun = time.perf_counter(), con_que(a)
    modelo, tok = cargar(a.modelo, a.en_4_bits)
    filas = medir(modelo, tok, a.nombre, a.limite, a.solo)
    if a.adaptador:
        from peft import PeftModel

        ajustado = PeftModel.from_pretrained(modelo, str(a.adaptador)).eval()
        despues = medir(ajustado, tok, f"{a.nombre} ajustado", a.limite, a.solo)
        for f, d in zip(filas, despues, strict=True):
            f["despues"] = {k: d[k] for k in ("valor", "bajo", "alto")}
    return {
        "fecha": date.today().isoformat(),
        "programa": "herramientas/medidas/evaluar.py",
        **comun,
        "segundos": round(time.perf_counter() - inicio),
        "filas": filas,
    }


LO_MISMO = "modelo precision pesos adaptador limite hilos versiones".split()


def leer_guardado(ruta: Path, comun: dict) -> dict:
    """El informe guardado, para cambiarle unas filas.

    Termina con una frase si está dañado o no se midió con `comun`, que es lo que da
    `con_que`.
    """
    try:
        viejo = json.loads(ruta.read_text(encoding="utf-8"))
    except OSError as causa:
        raise SystemExit(f"No se puede leer {ruta}: {razon(causa)}.") from causa
    except ValueError as causa:
        raise SystemExit(f"{ruta} está dañado: mide todo, sin --solo.") from causa
    if distinto := [c for c in LO_MISMO if viejo.get(c) != comun.get(c)]:
        raise SystemExit(
            f"{ruta.name} se midió con otro {distinto[0]}: mide todo, sin --solo."
        )
    return viejo


def juntar(informe: dict, ruta: Path, solo: str) -> dict:
    """El informe guardado, con las filas de un conjunto cambiadas por las de hoy.

    Termina con una frase si el guardado no se midió con lo mismo.
    """
    viejo = leer_guardado(ruta, informe)
    suyas = [f["conjunto"].split(",")[0] == solo for f in viejo["filas"]]
    lugar = suyas.index(True) if True in suyas else len(suyas)
    filas = [f for f, suya in zip(viejo["filas"], suyas, strict=True) if not suya]
    filas[lugar:lugar] = informe["filas"]
    return viejo | {"fecha": informe["fecha"], "filas": filas}


def main() -> None:
    """Comprueba, mide, imprime y guarda, sin dejar un archivo a medias."""
    a = argumentos()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if a.es_semilla and "TALLER_HILOS" not in os.environ:
        # las cifras del libro se miden siempre con los mismos hilos que los cuadernos
        torch.set_num_threads(int(ENTORNO["TALLER_HILOS"]))
    comprobar(a)
    informe = medir_todo(a)
    mostrar(informe)
    if a.solo and a.salida.exists():
        informe = juntar(informe, a.salida, a.solo)
    try:
        guardar_json(a.salida, informe)
    except OSError as causa:
        raise SystemExit(
            f"No se pudo guardar {a.salida}: {razon(causa)}. Las cifras quedan arriba."
        ) from causa
    print(f"Guardado en {a.salida.name}, {informe['segundos']} s en total.")


if __name__ == "__main__":
    main()
