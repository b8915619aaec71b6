"""Mide el curso en una GPU NVIDIA, en diez minutos y sin red. Sin probar en GPU.

    python -m herramientas.medidas.medir               # lo que falte, en este orden
    python -m herramientas.medidas.medir --minutos 30
    python -m herramientas.medidas.medir --solo ritmo  # los que así empiezan

Mide, de lo más a lo menos importante: la lección 10 con las reglas de una T4 (con
`semilla`, los aciertos; con la forma del modelo de `t4`, memoria y velocidad) y en
`grande`; los tamaños de los que otros publican cifras; los tokens por segundo de TRL,
con y sin empaquetar y Liger, y de Unsloth; un paso de 70 mil millones, y el ajuste
completo, LoRA y QLoRA en tres tamaños. Los modelos llevan pesos al azar, salvo
`semilla`: nada se descarga.

Cada punto corre en su propio proceso y se guarda al terminar, en
`resultados/gpu-<tarjeta>-<fecha>.json`. Si algo corta el programa se pierde a lo sumo
un punto; la misma orden sigue donde iba, y repite al final lo que falló. El pico es el
del asignador de PyTorch: no incluye el contexto de CUDA.

Códigos de salida: 0 bien (quizá falten puntos, y lo dice); 1 un punto falló o no se
pudo guardar; 2 opciones no válidas; 3 no hay GPU NVIDIA utilizable, y no se escribe
nada; 130 o 143, interrumpido. «Sin probar en GPU» vale hasta que exista en resultados/
un archivo que esto escribió.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from herramientas.archivos import RAIZ, RESULTADOS, guardar_json, razon
from herramientas.medidas.formas import FORMAS, octetos_en_nf4
from herramientas.medidas.medir_fila import (
    LORA,
    MARCA,
    METODOS,
    es_falta_de_memoria,
)
from herramientas.medidas.medir_leccion import LECCION

FILA = ("-m", "herramientas.medidas.medir_fila")
PROGRAMAS = "medir formas medir_fila medir_leccion medir_trl".split()
PAQUETES = ("torch", "transformers", "peft", "bitsandbytes", "trl", "accelerate")
OPTATIVOS = ("liger_kernel", "unsloth")
HECHOS = ("medido", "no cabe", "prueba")  # lo demás se intenta otra vez
MARGEN = 3 * 2**30  # lo que un paso corto añade a los pesos de 70 mil millones

# Picos publicados en una T4, en GB. Fuente: el cuaderno de TRL para Colab (rango 32,
# lote 1, largo 1024) y los de Unsloth, una corrida por cifra.
PUBLICADOS = {
    "granite-4.0-micro": {"TRL": 3.3},
    "llama-3.2-3b": {"TRL": 4.7, "Unsloth": 6.5},
    "gemma-3-4b": {"TRL": 6.8},
    "qwen2.5-7b": {"TRL": 10.8},
    "llama-3.1-8b": {"Unsloth": 7.9},
    "qwen3-8b": {"TRL": 12.8},
    "qwen3-14b": {"TRL": 14.1, "Unsloth": 13.0},
}


class ErrorDeOpcion(ValueError):
    """Una opción de la línea de órdenes no vale; el mensaje dice cuál y por qué."""


class SinTarjeta(RuntimeError):
    """No hay una GPU NVIDIA utilizable; el mensaje dice por qué y qué hacer."""


# --- El plan ---


def _punto(nombre: str, clase: str, modelo: str | None, minimo_s, tope_s, **mas):
    """Un punto del plan. `minimo_s`: no empieza con menos; `tope_s`: no dura más."""
    base = {"punto": nombre, "clase": clase, "modelo": modelo, "reglas": None}
    return base | {"minimo_s": minimo_s, "tope_s": tope_s} | mas


def _leccion(nombre, modelo, perfil, reglas, **mas) -> dict:
    pasos = {"pasos": 25, "tope": 10} if modelo else {"pasos": None, "tope": None}
    suyas = {"perfil": perfil, "reglas": reglas, "metodo": "leccion"} | pasos
    return _punto(nombre, "leccion", modelo, 60, 240, **suyas, **mas)


def _trl(nombre, modelo, minimo, tope, **mas) -> dict:
    suyas = {"metodo": "trl", "rango": 16, "lote": 8, "largo": 512, "pasos": 8}
    suyas |= {"calentamiento": 3, "varian": False, "empaqueta": False}
    suyas |= {"liger": False, "unsloth": False}
    return _punto(nombre, "trl", modelo, minimo, tope, **suyas | mas)


def hacer_plan() -> list[dict]:
    """Todos los puntos, en orden de importancia."""
    liger, unsloth = OPTATIVOS
    plan = [
        _leccion("leccion-t4-semilla", None, "semilla", "t4"),
        _leccion("leccion-t4", "smollm3-3b", "t4", "t4"),
        _leccion("leccion-grande", "qwen3-4b", "grande", None),
    ]
    for modelo, cifras in PUBLICADOS.items():
        suyas = {"rango": 32, "lote": 1, "largo": 1024, "publicado": cifras}
        nombre = f"publicado-{modelo}"
        plan.append(_trl(nombre, modelo, 25, 90, reglas="t4", **suyas))
    for nombre, mas in {
        "ritmo-trl": {},
        "ritmo-trl-empaquetado": {"empaqueta": True},
        "ritmo-liger": {"liger": True, "paquete": liger},
        "ritmo-liger-empaquetado": {
            "liger": True,
            "empaqueta": True,
            "paquete": liger,
        },
        "ritmo-unsloth": {"unsloth": True, "paquete": unsloth, "tope_s": 180},
    }.items():
        suyas = {"varian": True} | mas
        tope = suyas.pop("tope_s", 90)
        plan.append(_trl(nombre, "smollm3-3b", 30, tope, **suyas))
    suyas = {"lote": 1, "pasos": 2, "calentamiento": 1}
    plan.append(_trl("setenta", "llama-3.1-70b", 60, 180, **suyas))
    for modelo in ("qwen3-0.6b", "smollm3-3b", "llama-3.1-8b"):
        for metodo in METODOS:
            suyas = {"metodo": metodo, "lote": 2, "largo": 512, "pasos": 8}
            nombre = f"metodo-{modelo}-{metodo}"
            plan.append(_punto(nombre, "metodo", modelo, 20, 90, **suyas))
    return plan


PLAN = hacer_plan()


def en_miniatura(punto: dict) -> dict:
    """El mismo punto, con lo que una CPU hace en segundos."""
    chico = {"largo": 64, "lote": 2, "pasos": 3, "calentamiento": 2}
    if punto["clase"] == "leccion":
        chico = {"pasos": 25, "tope": 5}
    return punto | chico


def pendientes(informe: dict, plan: list[dict]) -> list[dict]:
    """Los puntos por medir: antes los que nunca se intentaron; luego, los demás."""
    filas = {f["punto"]: f["estado"] for f in informe.get("filas", [])}
    nuevos = [p for p in plan if p["punto"] not in filas]
    otra_vez = [p for p in plan if filas.get(p["punto"], HECHOS[0]) not in HECHOS]
    return nuevos + otra_vez


def impedimento(punto: dict, tarjeta: dict | None) -> str | None:
    """Por qué un punto no se puede medir aquí, o None."""
    paquete = punto.get("paquete")
    if paquete and find_spec(paquete) is None:
        return "no está instalado"
    if punto["punto"] == "setenta" and tarjeta:
        pide = octetos_en_nf4(FORMAS[punto["modelo"]]) + MARGEN
        libre = tarjeta["memoria_libre_bytes"]
        if libre < pide:
            hay, hace = f"{libre / 2**30:.0f}", f"{pide / 2**30:.0f}"
            return f"la tarjeta tiene {hay} GiB libres y hacen falta unos {hace}"
    return None


# --- Un punto, en otro proceso ---


def lanzar(pedido: dict, plazo_s: float) -> dict:
    """Atiende un pedido en un proceso nuevo; al volver, su memoria está libre."""
    entorno = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"}
    entorno |= {"TALLER_ESTATICO": "1", "TOKENIZERS_PARALLELISM": "false"}
    # Con dos tarjetas el Trainer repartiría el lote, y eso rompe los 4 bits.
    vistas = os.environ.get("CUDA_VISIBLE_DEVICES")
    entorno["CUDA_VISIBLE_DEVICES"] = "0" if vistas is None else vistas.split(",")[0]
    orden = [sys.executable, *FILA, json.dumps(pedido)]
    opciones = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    try:
        fin = subprocess.run(orden, env=entorno, cwd=RAIZ, timeout=plazo_s, **opciones)
    except subprocess.TimeoutExpired:
        return {"estado": "sin tiempo", "detalle": f"Sin terminar en {plazo_s:.0f} s."}
    for linea in reversed(fin.stdout.splitlines()):
        if linea.startswith(MARCA):
            return json.loads(linea.removeprefix(MARCA))
    ultima = (fin.stderr.strip().splitlines() or ["sin mensaje"])[-1]
    detalle = f"El proceso terminó con código {fin.returncode}: {ultima}"[:300]
    estado = "no cabe" if es_falta_de_memoria(fin.stderr) else "falló"
    return {"estado": estado, "detalle": detalle}


def medir_todo(opciones: dict, informe: dict, ruta: Path | None) -> None:
    """Mide lo que falta, en orden, y guarda tras cada punto."""
    limite = time.monotonic() + 60 * opciones["minutos"]
    faltan = pendientes(informe, opciones["plan"])
    for i, punto in enumerate(faltan, start=1):
        queda = limite - time.monotonic()
        antes, cual = time.monotonic(), f"[{i}/{len(faltan)}] {punto['punto']}"
        motivo = impedimento(punto, informe["tarjeta"])
        if motivo:
            fila = {"estado": "sin medir", "detalle": motivo}
        elif queda < punto["minimo_s"]:
            print(f"{cual}: no alcanza el tiempo.", flush=True)
            continue
        else:
            print(f"{cual}… (quedan {minutos(queda)})", flush=True)
            # en miniatura no se mide nada: una CPU ocupada puede tardar lo que quiera
            plazo = queda if opciones["miniatura"] else min(queda, punto["tope_s"])
            pedido = punto | {c: opciones[c] for c in DEL_PEDIDO} | {"plazo_s": plazo}
            if opciones["miniatura"]:
                pedido = en_miniatura(pedido)
            fila = lanzar(pedido, plazo)
            if fila["estado"] == "sin tiempo":
                if plazo < punto["tope_s"]:  # con más tiempo quizá termine
                    print("    no alcanzó el tiempo.", flush=True)
                    continue
                fila["estado"] = "falló"
        fila["segundos_totales"] = round(time.monotonic() - antes, 1)
        anotar(informe, punto, fila)
        if ruta:
            guardar_json(ruta, informe)
        print(f"    {decir(fila)}", flush=True)


DEL_PEDIDO = ("miniatura", "dispositivo", "precision")


def anotar(informe: dict, punto: dict, fila: dict) -> None:
    """Pone la fila de un punto en el informe, en el orden del plan."""
    sin = ("minimo_s", "tope_s", "tope", "pasos")
    entera = {c: v for c, v in punto.items() if c not in sin}
    if forma := FORMAS.get(punto["modelo"]):
        entera |= {"hub": forma.hub, "parametros": forma.parametros}
    entera |= fila | {"fecha": ahora()}
    filas = {f["punto"]: f for f in informe["filas"]} | {punto["punto"]: entera}
    orden = [p["punto"] for p in PLAN]
    informe["filas"] = [filas[n] for n in orden if n in filas]
    informe["pendientes"] = [n for n in orden if n not in filas]


def decir(fila: dict) -> str:
    """Lo medido en un punto, en una línea."""
    if fila["estado"] != "medido":
        return ": ".join(filter(None, (fila["estado"], fila.get("detalle"))))
    partes = [f"medido en {fila['segundos_totales']:.0f} s"]
    partes.append(f"{fila['segundos_por_paso']:.2f} s por paso")
    if fila["tokens_por_segundo"]:
        partes.append(f"{fila['tokens_por_segundo']:.0f} tokens/s")
    partes.append(f"pico de {fila['pico_asignado_bytes'] / 2**30:.2f} GiB")
    if aciertos := fila.get("aciertos"):
        partes.append(f"aciertos en la prueba: {aciertos['prueba']['exacto']:.0%}")
    return "; ".join(partes)


def minutos(segundos: float) -> str:
    """«7 min 05 s»."""
    total = max(0, round(segundos))
    return f"{total // 60} min {total % 60:02d} s"


# --- El informe ---


def ahora() -> str:
    """La fecha y la hora, en UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def sellar() -> dict[str, str]:
    """Lo que decide las cifras: estos programas, la lección, sus datos y los pesos."""
    from herramientas.medidas import estudios
    from herramientas.medidas.celdas import huella

    estudio = estudios.Estudio(
        programa="medir",
        puntos=lambda _: PLAN,
        clave=("punto",),
        medir=lanzar,
        datos={"tratamientos": ("entrenamiento", "validacion", "prueba")},
        leccion=LECCION,
        lista="filas",
    )
    carpeta = RAIZ / "herramientas" / "medidas"
    textos = [(carpeta / f"{p}.py").read_text(encoding="utf-8") for p in PROGRAMAS]
    juntos = "".join(huella([texto]) for texto in textos)
    return estudios.sellar(estudio) | {"programa": juntos}


def crear_informe(opciones: dict, tarjeta: dict | None) -> dict:
    """Encabezado del JSON: tarjeta, versiones, fecha (UTC) y ajustes; aún sin filas."""
    versiones: dict = {"python": sys.version.split()[0]}
    for paquete in (*PAQUETES, *OPTATIVOS):
        try:
            versiones[paquete] = metadata.version(paquete)
        except metadata.PackageNotFoundError:
            versiones[paquete] = None  # no está instalado
    return {
        "esquema": 2,
        "programa": "herramientas/medidas/medir.py",
        "fecha": ahora(),
        "sello": sellar(),
        "tarjeta": tarjeta,
        "versiones": versiones,
        "ajustes": {
            "precision": opciones["precision"],
            "razon_precision": opciones["razon_precision"],
            "largo": 512,
            "lote": 2,
            "lora": LORA,
            "pesos": "al azar, salvo semilla",
            "puntos_de_control_del_gradiente": True,
        },
        "pendientes": [p["punto"] for p in PLAN],
        "filas": [],
    }


def motivos(guardado: dict, nuevo: dict) -> list[str]:
    """Por qué no se puede seguir un informe guardado; vacío si se puede."""
    from herramientas.medidas.estudios import rotas

    if guardado.get("esquema") != nuevo["esquema"]:
        return ["es de otra versión del programa"]
    razones = rotas(guardado, nuevo["sello"])
    if guardado["versiones"] != nuevo["versiones"]:
        razones.append("cambiaron las versiones de las bibliotecas")
    claves = ("nombre", "controlador", "memoria_bytes")
    suyas, otras = ((i["tarjeta"] or {}) for i in (guardado, nuevo))
    if any(suyas.get(c) != otras.get(c) for c in claves):
        razones.append("es de otra tarjeta")
    return razones


def nombrar(tarjeta: str, fecha: str, carpeta: Path) -> Path:
    """Ruta gpu-<tarjeta>-<fecha>.json que aún no existe: no pisa medidas anteriores."""
    raiz = f"gpu-{corto(tarjeta)}-{fecha[:10]}"
    ruta, n = carpeta / f"{raiz}.json", 2
    while ruta.exists():
        ruta, n = carpeta / f"{raiz}-{n}.json", n + 1
    return ruta


def corto(tarjeta: str) -> str:
    """El nombre de una tarjeta, para un archivo."""
    limpio = re.sub(r"[^a-z0-9]+", "-", tarjeta.lower().replace("nvidia", ""))
    return limpio.strip("-") or "nvidia"


def elegir_informe(opciones: dict, nuevo: dict) -> tuple[Path | None, dict]:
    """El archivo que se sigue, con lo que trae, o uno nuevo.

    Errores: ErrorDeOpcion si --salida ya tiene medidas que no se pueden seguir.
    """
    from herramientas.medidas.estudios import leer_informe

    pedida, tarjeta = opciones["salida"], nuevo["tarjeta"]
    if pedida:
        if not pedida.exists():
            return pedida, nuevo
        viejo = leer_informe(pedida)
        if razones := motivos(viejo, nuevo):
            dicho = "; ".join(razones)
            raise ErrorDeOpcion(f"No puedo seguir {pedida.name}: {dicho}. Da otro.")
        return pedida, viejo
    if not tarjeta:
        return None, nuevo
    if not opciones["de_nuevo"]:
        rutas = RESULTADOS.glob(f"gpu-{corto(tarjeta['nombre'])}-*.json")
        hallados = {ruta: leer_informe(ruta) for ruta in rutas}
        for ruta, viejo in sorted(
            hallados.items(), key=lambda par: par[1].get("fecha", ""), reverse=True
        ):
            if not (razones := motivos(viejo, nuevo)):
                print(f"Sigo {ruta.name}, que trae {len(viejo['filas'])} puntos.")
                return ruta, viejo
            print(f"No sigo {ruta.name}: {'; '.join(razones)}.")
    return nombrar(tarjeta["nombre"], nuevo["fecha"], RESULTADOS), nuevo


# --- La línea de órdenes ---


class Lector(argparse.ArgumentParser):
    """Un ArgumentParser cuyos errores salen en español."""

    def error(self, message):
        raise ErrorDeOpcion("A una opción le falta su valor, o le sobra.")


def numero(texto: str, que: str, minimo: float, maximo: float) -> float:
    """Convierte y comprueba que esté entre `minimo` y `maximo`, ambos incluidos."""
    try:
        valor = float(texto.replace(",", "."))
    except ValueError:
        valor = math.nan
    if not minimo <= valor <= maximo:
        rango = f"un número entre {minimo} y {maximo}"
        raise ErrorDeOpcion(f"--{que} debe ser {rango}; recibí «{texto}».")
    return valor


def leer_opciones(argumentos: list[str]) -> dict:
    """Lee y valida la línea de órdenes; lanza ErrorDeOpcion con la frase que toca."""
    formato = argparse.RawDescriptionHelpFormatter
    uso = "python -m herramientas.medidas.medir [opciones]"
    lector = Lector(usage=uso, add_help=False, allow_abbrev=False)
    lector.description, lector.formatter_class = __doc__, formato
    g = lector.add_argument_group("opciones")
    g.add_argument("-h", "--ayuda", "--help", action="help", help="muestra esta ayuda")
    g.add_argument("--minutos", default="10", help="presupuesto total (%(default)s)")
    g.add_argument("--solo", default="", help="comienzo del nombre de los puntos")
    g.add_argument("--de-nuevo", action="store_true", help="no sigue lo ya medido")
    g.add_argument("--salida", help="archivo .json donde guardar")
    # Ensaya el camino en CPU y en miniatura, para las pruebas: sus cifras no valen.
    g.add_argument("--prueba", action="store_true", help=argparse.SUPPRESS)
    leidas, sobran = lector.parse_known_args(argumentos)
    if sobran:
        raise ErrorDeOpcion(f"No conozco «{sobran[0]}».")
    ruta = Path(leidas.salida).resolve() if leidas.salida is not None else None
    if ruta and ruta.suffix != ".json":
        raise ErrorDeOpcion(f"--salida debe ser un .json; recibí «{leidas.salida}».")
    if ruta and leidas.prueba and ruta.is_relative_to(RESULTADOS):
        raise ErrorDeOpcion("--prueba no escribe en resultados/: allí van medidas.")
    plan = [p for p in PLAN if p["punto"].startswith(leidas.solo)]
    if not plan:
        nombres = ", ".join(p["punto"] for p in PLAN)
        raise ErrorDeOpcion(
            f"Ningún punto empieza por «{leidas.solo}». Son: {nombres}."
        )
    return {
        "minutos": numero(leidas.minutos, "minutos", 0.5, 600),
        "plan": plan,
        "de_nuevo": leidas.de_nuevo,
        "salida": ruta,
        "miniatura": leidas.prueba,
    }


def elegir_precision(capacidad) -> tuple[str, str]:
    """Precisión según la capacidad de cómputo (mayor, menor), con su razón. No se usa
    `is_bf16_supported`: cuenta la emulación y dice que sí en una T4."""
    cual = f"{capacidad[0]}.{capacidad[1]}"
    if tuple(capacidad) >= (8, 0):
        return "bfloat16", f"bfloat16: capacidad {cual}, con unidades bf16 (≥ 8.0)."
    frase = f"float16: capacidad {cual}, sin unidades bf16 (< 8.0); lo entrenable "
    return "float16", frase + "va en float32 y la pérdida se escala."


def hay_gpu() -> bool:
    """¿Ve PyTorch una GPU NVIDIA? (una AMD no cuenta: las cifras no se comparan)"""
    try:
        import torch
    except ImportError as error:
        frase = "Falta PyTorch: instala primero el entorno del curso."
        raise SinTarjeta(f"{frase} ({error})") from error
    return bool(torch.cuda.is_available() and torch.version.cuda)


def preparar(opciones: dict) -> dict | None:
    """Completa las opciones con dispositivo y precisión y devuelve la tarjeta (None en
    --prueba). Lanza SinTarjeta. La tarjeta se consulta en otro proceso, para que este
    no ocupe su memoria."""
    if opciones["miniatura"]:
        opciones |= {"dispositivo": "cpu", "precision": "bfloat16"}
        opciones["razon_precision"] = "bfloat16: ensayo en CPU, sus cifras no valen."
        return None
    if not hay_gpu():
        frase = "No hay una GPU NVIDIA que PyTorch pueda usar: no medí ni escribí nada."
        raise SinTarjeta(f"{frase} Ejecuta esta orden donde haya una, como en Colab.")
    tarjeta = lanzar({"tarea": "tarjeta"}, 120)
    if "nombre" not in tarjeta:
        frase = "Hay una GPU NVIDIA, pero no responde: no medí ni escribí nada."
        raise SinTarjeta(f"{frase} Causa: {tarjeta['detalle']}")
    if causa := tarjeta.pop("bitsandbytes"):
        frase = "bitsandbytes no puede usar esta GPU: no medí ni escribí nada."
        cura = "Instala su versión con CUDA, la de PyTorch, y repite."
        raise SinTarjeta(f"{frase} {cura} Causa: {causa}")
    precision, frase = elegir_precision(tarjeta["capacidad"])
    opciones |= {"dispositivo": "cuda", "precision": precision}
    opciones["razon_precision"] = frase
    return tarjeta


def principal(argumentos: list[str]) -> int:
    """Punto de entrada; devuelve el código de salida (ver arriba)."""
    try:
        opciones = leer_opciones(argumentos)
        tarjeta = preparar(opciones)
        ruta, informe = elegir_informe(opciones, crear_informe(opciones, tarjeta))
    except (ErrorDeOpcion, SinTarjeta) as error:
        opcion = isinstance(error, ErrorDeOpcion)
        print(f"{error}{' Mira --ayuda.' if opcion else ''}", file=sys.stderr)
        return 2 if opcion else 3
    if ruta:
        from herramientas.medidas.comprobar import comprobar_salida

        try:
            comprobar_salida(ruta)
        except SystemExit as fin:
            print(fin, file=sys.stderr)
            return 1
    if tarjeta:
        print(f"{tarjeta['nombre']}, {tarjeta['memoria_bytes'] / 2**30:.1f} GiB.")
        if tarjeta["memoria_libre_bytes"] < 0.9 * tarjeta["memoria_bytes"]:
            print("Aviso: otro programa ocupa la tarjeta; «no cabe» puede ser por eso.")
    print(f"Precisión {opciones['razon_precision']}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # así muere también el hijo
    try:
        medir_todo(opciones, informe, ruta)
    except KeyboardInterrupt:
        hechas = len(informe["filas"])
        print(f"\nInterrumpido con {hechas} puntos; la misma orden sigue ahí.")
        return 130
    except OSError as error:
        frase = f"No pude guardar {ruta}: {razon(error)}. Lo medido antes sigue ahí."
        print(frase, file=sys.stderr)
        return 1
    nuevos = [p for p in opciones["plan"] if p["punto"] in informe["pendientes"]]
    if nuevos:
        print(f"Faltan {len(nuevos)} puntos: la misma orden sigue ahí.")
    suyos = {p["punto"] for p in opciones["plan"]}
    malas = [
        f["punto"]
        for f in informe["filas"]
        if f["punto"] in suyos and f["estado"] == "falló"
    ]
    if malas:
        print(f"Fallaron: {', '.join(malas)}.")
    print(f"Guardado en {ruta}" if ruta else json.dumps(informe, ensure_ascii=False))
    return 1 if malas else 0


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
