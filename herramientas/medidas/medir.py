"""Mide memoria y velocidad del ajuste fino en una GPU NVIDIA. Sin probar en GPU.

    python -m herramientas.medidas.medir              # todo, en menos de 10 minutos
    python -m herramientas.medidas.medir --modelos qwen3-0.6b --metodos lora,qlora
    python -m herramientas.medidas.medir --prueba  # en CPU y en miniatura: no mide nada

Compara ajuste completo, LoRA y QLoRA (NF4) con pesos al azar de la forma de cada
modelo: no descarga nada. Cada fila corre en su propio proceso (medir_fila.py) y se
guarda al terminar en `resultados/gpu-<tarjeta>-<fecha>.json`. Su estado es «medido»,
«no cabe», «omitido» (faltó tiempo) o «falló»; solo «medido» trae cifras.

Mide un bucle propio (paso, retropropagación, optimizador), no el SFTTrainer. El pico
es el del asignador de PyTorch: no incluye el contexto de CUDA. Lo que se entrena va en
float32 y se calcula con autocast; lo congelado va en la precisión que se imprime.

Códigos de salida: 0 hay medidas; 1 ninguna fila se pudo medir o guardar; 2 opciones no
válidas; 3 no hay GPU NVIDIA utilizable (no se escribe nada); 130 o 143 interrumpido.
«Sin probar en GPU» vale hasta que exista en resultados/ un archivo que esto escribió.
"""

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
from pathlib import Path

from herramientas.archivos import RAIZ, RESULTADOS, guardar_json
from herramientas.medidas.medir_fila import (
    CALENTAMIENTO,
    FORMAS,
    LORA,
    MARCA,
    METODOS,
    NF4,
    es_falta_de_memoria,
)

FILA = ("-m", "herramientas.medidas.medir_fila")
PAQUETES = ("torch", "transformers", "peft", "bitsandbytes", "trl")
CIFRAS = (
    "entrenables bytes_pesos pico_asignado_bytes pico_reservado_bytes "
    "segundos_por_paso tokens_por_segundo segundos_pasos perdida_inicial "
    "perdida_final optimizador atencion segundos_totales"
).split()
DEL_PEDIDO = ("miniatura", "dispositivo", "precision", "lote", "largo", "pasos")
MINIMO_S, TOPE_S = 20, 180  # por fila: no empieza con menos, no dura más


class ErrorDeOpcion(ValueError):
    """Una opción de la línea de órdenes no vale; el mensaje dice cuál y por qué."""


class SinTarjeta(RuntimeError):
    """No hay una GPU NVIDIA utilizable; el mensaje dice por qué y qué hacer."""


def elegir_precision(capacidad) -> tuple[str, str]:
    """Precisión según la capacidad de cómputo (mayor, menor), con su razón. No se usa
    `is_bf16_supported`: cuenta la emulación y dice que sí en una T4."""
    numero = f"{capacidad[0]}.{capacidad[1]}"
    if tuple(capacidad) >= (8, 0):
        return "bfloat16", f"bfloat16: capacidad {numero}, con unidades bf16 (≥ 8.0)."
    razon = f"float16: capacidad {numero}, sin unidades bf16 (< 8.0); lo entrenable "
    return "float16", razon + "va en float32 y la pérdida se escala."


def lanzar(pedido: dict, plazo_s: float) -> dict:
    """Atiende un pedido en un proceso nuevo; al volver, su memoria está libre."""
    entorno = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"}
    orden = [sys.executable, *FILA, json.dumps(pedido)]
    opciones = {"capture_output": True, "encoding": "utf-8", "errors": "replace"}
    try:
        fin = subprocess.run(orden, env=entorno, cwd=RAIZ, timeout=plazo_s, **opciones)
    except subprocess.TimeoutExpired:
        return {"estado": "omitido", "detalle": f"Sin terminar en {plazo_s:.0f} s."}
    for linea in reversed(fin.stdout.splitlines()):
        if linea.startswith(MARCA):
            return json.loads(linea.removeprefix(MARCA))
    ultima = (fin.stderr.strip().splitlines() or ["sin mensaje"])[-1]
    detalle = f"El proceso terminó con código {fin.returncode}: {ultima}"[:300]
    estado = "no cabe" if es_falta_de_memoria(fin.stderr) else "falló"
    return {"estado": estado, "detalle": detalle}


def fila_vacia(modelo: str, metodo: str) -> dict:
    """Fila con todas sus claves y ninguna cifra: «omitido» mientras no se mida."""
    forma = FORMAS[modelo]
    fila = {"modelo": modelo, "hub": forma.hub, "parametros": forma.parametros}
    fila |= {"metodo": metodo, "estado": "omitido", "detalle": "No alcanzó el tiempo."}
    return fila | dict.fromkeys(CIFRAS)


def crear_informe(opciones: dict, tarjeta: dict | None) -> dict:
    """Encabezado del JSON: tarjeta, versiones, fecha (UTC) y ajustes; aún sin filas."""
    versiones = {"python": sys.version.split()[0]} | dict.fromkeys(PAQUETES)
    for paquete in PAQUETES:
        try:
            versiones[paquete] = metadata.version(paquete)
        except metadata.PackageNotFoundError:
            pass  # queda en null: no está instalado
    claves = ("lote", "largo", "pasos", "minutos", "precision", "razon_precision")
    ajustes = {c: opciones[c] for c in claves} | {"calentamiento": CALENTAMIENTO}
    ajustes |= {"puntos_de_control_del_gradiente": True, "pesos": "al azar"}
    ajustes |= {"optimizador": "AdamW: 32 bits en completo, 8 bits en lora y qlora"}
    return {
        "esquema": 1,
        "programa": "herramientas/medidas/medir.py",
        "fecha": datetime.now(UTC).isoformat(timespec="seconds"),
        "completo": False,
        "tarjeta": tarjeta,
        "versiones": versiones,
        "ajustes": ajustes | {"lora": LORA, "nf4": NF4},
        "filas": [],
    }


def nombrar(tarjeta: str, fecha: str, carpeta: Path) -> Path:
    """Ruta gpu-<tarjeta>-<fecha>.json que aún no existe: no pisa medidas anteriores."""
    corto = re.sub(r"[^a-z0-9]+", "-", tarjeta.lower().replace("nvidia", ""))
    raiz = f"gpu-{corto.strip('-') or 'nvidia'}-{fecha[:10]}"
    ruta, n = carpeta / f"{raiz}.json", 2
    while ruta.exists():
        ruta, n = carpeta / f"{raiz}-{n}.json", n + 1
    return ruta


def medir_todo(opciones: dict, informe: dict, ruta: Path | None) -> None:
    """Mide cada (modelo, método), del menor al mayor, y guarda tras cada fila."""
    from tqdm import tqdm

    limite = time.monotonic() + 60 * opciones["minutos"]
    pares = [(m, t) for m in opciones["modelos"] for t in opciones["metodos"]]
    barra = tqdm(pares, desc="Midiendo", unit="fila")
    for modelo, metodo in barra:
        barra.set_postfix_str(f"{modelo}, {metodo}")
        fila, antes = fila_vacia(modelo, metodo), time.monotonic()
        plazo = min(limite - antes, TOPE_S)
        if plazo >= MINIMO_S:
            pedido = {"modelo": modelo, "metodo": metodo, "plazo_s": plazo}
            fila |= lanzar(pedido | {c: opciones[c] for c in DEL_PEDIDO}, plazo)
            fila["segundos_totales"] = round(time.monotonic() - antes, 1)
        informe["filas"].append(fila)
        informe["completo"] = len(informe["filas"]) == len(pares)
        if ruta:
            guardar_json(ruta, informe)


def resumir(filas: list[dict]) -> str:
    """Tabla de texto: estado de cada fila y, si se midió, pico (GiB) y tokens/s."""
    lineas = [f"{'modelo':<14}{'método':<10}{'estado':<9}{'GiB':>8}{'tokens/s':>11}"]
    for f in filas:
        cifras = f"  {(f['detalle'] or '')[:60]}"
        if f["estado"] == "medido":
            gib = f["pico_asignado_bytes"] / 2**30
            cifras = f"{gib:8.2f}{f['tokens_por_segundo']:11.0f}"
        lineas.append(f"{f['modelo']:<14}{f['metodo']:<10}{f['estado']:<9}{cifras}")
    return "\n".join(lineas)


class Lector(argparse.ArgumentParser):
    """Un ArgumentParser cuyos errores salen en español."""

    def error(self, message):
        raise ErrorDeOpcion("A una opción le falta su valor, o le sobra.")


def lista(texto: str, validos, que: str) -> list[str]:
    """Nombres separados por comas, en el orden de `validos` y sin repetir."""
    pedidos = [t.strip().lower() for t in texto.split(",") if t.strip()]
    malos = [t for t in pedidos if t not in validos]
    if malos or not pedidos:
        mal = f"no conozco «{', '.join(malos)}»" if malos else "no hay ningún nombre"
        raise ErrorDeOpcion(f"En --{que} {mal}. Elige entre: {', '.join(validos)}.")
    return [v for v in validos if v in pedidos]


def numero(texto: str, que: str, minimo: float, maximo: float, tipo=int):
    """Convierte y comprueba que esté entre `minimo` y `maximo`, ambos incluidos."""
    try:
        valor = tipo(texto)
    except ValueError:
        valor = math.nan
    if not minimo <= valor <= maximo:
        rango = f"{'entero ' if tipo is int else ''}entre {minimo} y {maximo}"
        raise ErrorDeOpcion(f"--{que} debe ser un número {rango}; recibí «{texto}».")
    return valor


def leer_opciones(argumentos: list[str]) -> dict:
    """Lee y valida la línea de órdenes; lanza ErrorDeOpcion con la frase que toca."""
    formato = argparse.RawDescriptionHelpFormatter
    uso = "python -m herramientas.medidas.medir [opciones]"
    lector = Lector(usage=uso, add_help=False, allow_abbrev=False)
    lector.description, lector.formatter_class = __doc__, formato
    g = lector.add_argument_group("opciones")
    g.add_argument("-h", "--ayuda", "--help", action="help", help="muestra esta ayuda")
    g.add_argument("--modelos", default=",".join(FORMAS), help="(%(default)s)")
    g.add_argument("--metodos", default=",".join(METODOS), help="(%(default)s)")
    g.add_argument("--minutos", default="9", help="presupuesto total (%(default)s)")
    g.add_argument("--largo", default="512", help="tokens por secuencia (%(default)s)")
    g.add_argument("--lote", default="2", help="secuencias por paso (%(default)s)")
    g.add_argument("--pasos", default="8", help="pasos medidos (%(default)s)")
    g.add_argument("--salida", help="archivo .json nuevo donde guardar")
    g.add_argument("--prueba", action="store_true", help="ensaya en CPU, en miniatura")
    leidas, sobran = lector.parse_known_args(argumentos)
    if sobran:
        raise ErrorDeOpcion(f"No conozco «{sobran[0]}».")
    ruta = Path(leidas.salida).resolve() if leidas.salida is not None else None
    if ruta and (ruta.suffix != ".json" or not ruta.parent.is_dir() or ruta.exists()):
        razon = "un archivo .json nuevo en una carpeta que exista"
        raise ErrorDeOpcion(f"--salida debe ser {razon}; recibí «{leidas.salida}».")
    if ruta and leidas.prueba and ruta.is_relative_to(RESULTADOS):
        raise ErrorDeOpcion("--prueba no escribe en resultados/: allí van medidas.")
    return {
        "modelos": lista(leidas.modelos, FORMAS, "modelos"),
        "metodos": lista(leidas.metodos, METODOS, "metodos"),
        "minutos": numero(leidas.minutos, "minutos", 0.5, 600, float),
        "largo": numero(leidas.largo, "largo", 16, 32768),
        "lote": numero(leidas.lote, "lote", 1, 256),
        "pasos": numero(leidas.pasos, "pasos", 3, 200),
        "salida": ruta,
        "miniatura": leidas.prueba,
    }


def hay_gpu() -> bool:
    """¿Ve PyTorch una GPU NVIDIA? (una AMD no cuenta: las cifras no se comparan)"""
    try:
        import torch
    except ImportError as error:
        razon = "Falta PyTorch: instala primero el entorno del curso."
        raise SinTarjeta(f"{razon} ({error})") from error
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
    precision, razon = elegir_precision(tarjeta["capacidad"])
    opciones |= {"dispositivo": "cuda", "precision": precision}
    opciones["razon_precision"] = razon
    return tarjeta


def principal(argumentos: list[str]) -> int:
    """Punto de entrada; devuelve el código de salida (ver arriba)."""
    try:
        opciones = leer_opciones(argumentos)
        tarjeta = preparar(opciones)
    except (ErrorDeOpcion, SinTarjeta) as error:
        opcion = isinstance(error, ErrorDeOpcion)
        print(f"{error}{' Mira --ayuda.' if opcion else ''}", file=sys.stderr)
        return 2 if opcion else 3
    informe, ruta = crear_informe(opciones, tarjeta), opciones["salida"]
    if tarjeta:
        ruta = ruta or nombrar(tarjeta["nombre"], informe["fecha"], RESULTADOS)
        print(f"{tarjeta['nombre']}, {tarjeta['memoria_bytes'] / 2**30:.1f} GiB.")
        if tarjeta["memoria_libre_bytes"] < 0.9 * tarjeta["memoria_bytes"]:
            print("Aviso: otro programa ocupa la tarjeta; «no cabe» puede ser por eso.")
    print(f"Precisión {opciones['razon_precision']}", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # así muere también el hijo
    try:
        medir_todo(opciones, informe, ruta)
    except KeyboardInterrupt:
        print(f"\nInterrumpido. Filas terminadas: {len(informe['filas'])}.")
        return 130
    except OSError as error:
        print(f"No pude guardar: {error}. Revisa espacio y permisos.", file=sys.stderr)
        return 1
    print(resumir(informe["filas"]))
    print(f"Guardado en {ruta}" if ruta else json.dumps(informe, ensure_ascii=False))
    return 0 if {"medido", "prueba"} & {f["estado"] for f in informe["filas"]} else 1


if __name__ == "__main__":
    sys.exit(principal(sys.argv[1:]))
